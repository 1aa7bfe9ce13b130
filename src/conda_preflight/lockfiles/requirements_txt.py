"""The pip half of a lock as requirements with hashes, one file for each platform.

Nothing is left to decide: each line is one version (or one URL) with the digests of the files
that stand for it, so there are no markers, and the file is for ``--no-deps --require-hashes``.
"""

from __future__ import annotations

from conda_preflight.documents import Lock, Package
from conda_preflight.errors import WriteError
from conda_preflight.grammar import pypi_url
from conda_preflight.lockfiles.platforms import by_subdir
from conda_preflight.pattern import lazy_pattern

NAME = "pinned_requirements.txt"
NAME_OF_SEVERAL = "requirements-{}.txt"
_HEAD = """\
# This list was written by conda-preflight. It is not meant to be edited: change the
# manifest and lock again.
# $ python -m pip install --no-deps --require-hashes --requirement <this file>"""
_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HASH = lazy_pattern(r"sha(?:256|384|512):[0-9a-f]{64,128}")
_VERSION = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9.!+_-]*")


def write(lock: Lock) -> dict[str, str]:
    """The texts by file name, none for a platform without a pip half.

    Raises WriteError for what pip could not read.
    """
    found = by_subdir(lock)
    alone = len(found) == 1
    texts = {
        NAME if alone else NAME_OF_SEVERAL.format(subdir): _text(lock, subdir, packages)
        for subdir, packages in found.items()
    }
    return {name: text for name, text in texts.items() if text}


def _text(lock: Lock, subdir: str, packages: tuple[Package, ...]) -> str:
    pip = sorted((p for p in packages if p.manager == "pypi"), key=lambda p: (p.name, p.url))
    if not pip:
        return ""
    platform = [f"# platform: {subdir}"] if subdir else []
    lines = dict.fromkeys(_entry(package) for package in pip)
    return "\n".join((_HEAD, *platform, *_indexes(lock), *lines, ""))


def _indexes(lock: Lock) -> list[str]:
    options = ["--index-url", *["--extra-index-url"] * len(lock.indexes)]
    return [f"{option} {_word(url)}" for option, url in zip(options, lock.indexes, strict=False)]


def _entry(package: Package) -> str:
    own = [f"sha256:{package.sha256}"] if package.sha256 else []
    hashes = sorted({*own, *package.hashes})
    if not all(map(_HASH.fullmatch, hashes)):
        raise WriteError(f"A hash of {package.name} is not written as sha256:digest")
    return " \\\n    ".join((_wanted(package), *(f"--hash={digest}" for digest in hashes)))


def _wanted(package: Package) -> str:
    """``name==version`` for a file of an index, else where it comes from."""
    if not _NAME.fullmatch(package.name):
        raise WriteError(f"{package.name[:80]!r} is no name of a Python project")
    if _is_from_index(package):
        if not _VERSION.fullmatch(package.version):
            raise WriteError(f"{package.version[:80]!r} of {package.name} is no version")
        return f"{package.name}=={package.version}"
    if "://" in package.url:
        return f"{package.name} @ {_word(package.url)}"
    path = _word(package.url)
    path = path if path.startswith((".", "/")) or path[1:2] == ":" else f"./{path}"
    return f"-e {path}" if package.editable else path


def _is_from_index(package: Package) -> bool:
    """Whether an index has it: its file is called as files there are, and nobody gave a URL."""
    if not package.url:
        return True
    is_file = "://" in package.url and not package.url.startswith("git+")
    return is_file and not package.direct and pypi_url.parse(package.url)[0] == package.name


def _word(text: str) -> str:
    """A URL or path that stands on a line as one word."""
    if not text or not text.isprintable() or " " in text or text.endswith("\\"):
        raise WriteError(f"{text[:80]!r} cannot stand in a requirements file")
    return text
