"""The files in a prefix that tell tools to leave it as it is, and what stands in each.

Sources: CEP 22 (``conda-meta/frozen``), PEP 668 (``EXTERNALLY-MANAGED``), pip's documentation of
its configuration (the file ``pip.conf`` of the prefix, ``require-virtualenv``) and conda's of
``conda-meta/pinned``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from conda_preflight.documents import Package
from conda_preflight.pattern import lazy_pattern

FROZEN, PINNED, PIP = "conda-meta/frozen", "conda-meta/pinned", "pip.conf"
MANAGED = "EXTERNALLY-MANAGED"
"""Stands in the folder of Python's own library."""

RECORD = "conda-meta/preflight-freeze"
"""No name that ends in .json: conda takes each such file there for a package's record."""

MESSAGE = "This environment is frozen. Change its lock and make it anew."
IMAGE = "This environment belongs to an image. Change the lock and build the image anew."

SECTIONS = ("global", "install", "uninstall")
"""A section of a command in a user's own file wins over ``global`` in any other."""

_KEY = lazy_pattern(r"require[-_]virtualenv[ \t]*[=:]")
_HEADER = lazy_pattern(r"\[([^\]\n]{1,80})\][ \t]*")
_LINE = "require-virtualenv = true"


def frozen(message: str) -> bytes:
    """The text of ``conda-meta/frozen``, which conda shows."""
    return json.dumps({"message": message}).encode() + b"\n"


def managed(message: str) -> bytes:
    """The text of ``EXTERNALLY-MANAGED``, which pip and uv show."""
    text = "\n  ".join(line.strip() for line in message.splitlines() if line.strip())
    return f"[externally-managed]\nError={text}\n".encode()


def pip(before: bytes = b"") -> bytes:
    """A ``pip.conf`` with which pip changes nothing outside of a virtual environment.

    It also stops ``--target``, ``--prefix``, ``--user`` and ``--break-system-packages``, which
    EXTERNALLY-MANAGED does not. What stood there before stays.
    """
    lines = before.decode("utf-8", "surrogateescape").splitlines()
    missing = list(SECTIONS)
    found: list[str] = []
    for line in lines:
        header = _HEADER.fullmatch(line)
        if not _KEY.match(line):
            found.append(line)
        if header and header[1] in missing:
            missing.remove(header[1])
            found.append(_LINE)
    for name in missing:
        found += [f"[{name}]", _LINE]
    return ("\n".join(found) + "\n").encode("utf-8", "surrogateescape")


def holds_pip(data: bytes) -> bool:
    """Whether a ``pip.conf`` keeps pip from changing the environment."""
    section, switched = "", dict.fromkeys(SECTIONS, "")
    for line in data.decode("utf-8", "replace").splitlines():
        if header := _HEADER.fullmatch(line):
            section = header[1]
        elif (key := _KEY.match(line)) and section in switched:
            switched[section] = line[key.end() :].strip().lower()
    is_on = {name: value in ("1", "true", "yes", "on") for name, value in switched.items()}
    return is_on["global"] and not any(v and not is_on[name] for name, v in switched.items())


def pinned(packages: Iterable[Package], before: bytes = b"") -> bytes:
    """A ``conda-meta/pinned`` that holds each conda package, for tools that know no CEP 22."""
    pins = sorted(
        f"{package.name} =={package.version}"
        for package in packages
        if package.manager == "conda" and _is_plain(package.name, package.version)
    )
    kept = [line for line in before.splitlines() if line.strip()]
    new = [pin.encode() for pin in pins if pin.encode() not in kept]
    return b"".join(line + b"\n" for line in (*kept, *new))


def _is_plain(*words: str) -> bool:
    """Whether words can stand in a line without meaning anything else there."""
    return all(_WORD.fullmatch(word) for word in words)


_WORD = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9_.!+-]{0,200}")


def of_image(libraries: Sequence[str]) -> dict[str, bytes]:
    """The marks of an environment in an image, by path; ``libraries`` are Python's folders."""
    managed_files = {f"{library}/{MANAGED}": managed(IMAGE) for library in libraries}
    return {FROZEN: frozen(IMAGE), **managed_files, **({PIP: pip()} if libraries else {})}
