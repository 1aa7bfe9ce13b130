"""What the URL or path of a conda package says: name, version, build, subdir, channel."""

from __future__ import annotations

from conda_preflight.documents import PLATFORMS
from conda_preflight.grammar.channel import channel_name
from conda_preflight.plain import value_type

SUFFIXES = (".conda", ".tar.bz2")
_SUBDIRS = frozenset((*PLATFORMS, "noarch"))


@value_type
class Artifact:
    """A conda package file; ``subdir`` and ``channel`` are empty where the place has none."""

    name: str
    version: str
    build: str
    subdir: str = ""
    channel: str = ""

    @property
    def build_number(self) -> int | None:
        """The number that a build string ends with by custom, None where it does not."""
        return build_number(self.build)


def parse(url: str) -> Artifact | None:
    """The package behind a URL, a path or a bare file name; None where the name is no conda one.

    A file is called ``name-version-build`` with one of SUFFIXES; source: CEP 26.
    """
    folder, name = split(url)
    parts = _stem(name).rsplit("-", 2)
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004  (name, version, build)
        return None
    subdir = split(folder)[1]
    subdir = subdir if subdir in _SUBDIRS else ""
    channel = channel_name(folder.replace("\\", "/")) if subdir else ""
    return Artifact(parts[0].lower(), parts[1], parts[2], subdir, channel)


def split(url: str) -> tuple[str, str]:
    """The folder and the file name, without query and fragment; backslashes divide paths too."""
    plain = url.partition("#")[0].partition("?")[0]
    cut = max(plain.rfind("/"), plain.rfind("\\"))
    return (plain[:cut], plain[cut + 1 :]) if cut >= 0 else ("", plain)


def build_number(build: str) -> int | None:
    """The digits after the last underscore of a build string, or the whole of it."""
    tail = build.rpartition("_")[2]
    return int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 10 else None  # noqa: PLR2004


def _stem(name: str) -> str:
    """The file name without suffix and percent signs, empty where it is no conda package."""
    suffix = next((s for s in SUFFIXES if name.endswith(s)), "")
    stem = name[: -len(suffix)] if suffix else ""
    if "%" in stem:
        from urllib.parse import unquote

        stem = unquote(stem)
    return stem
