"""What a project is called in the ledger, the same on every machine that has a clone of it."""

from __future__ import annotations

import os
from pathlib import Path

from conda_preflight.git_head import Head, head_of
from conda_preflight.grammar.url import redact
from conda_preflight.plain import value_type

_SUFFIX = ".git"


@value_type
class Identity:
    """A directory by a stable name, ``github.com/org/repo#services/train``.

    Without a remote it is ``host:/path``. ``name`` is a short one for people; ``head`` is None
    outside of a repository.
    """

    project: str
    name: str
    folder: Path
    head: Head | None


def identity(folder: Path) -> Identity:
    """What a directory is called; reads the repository around it, and runs nothing."""
    here = folder.resolve()
    head = head_of(here)
    remote = remote_name(head.origin) if head else ""
    if head is None or not remote:
        path = _printable(here.as_posix())
        return Identity(redact(f"{host()}:{path}"), _printable(here.name) or "/", here, head)
    below = _printable(here.relative_to(head.top).as_posix())
    name = remote.rpartition("/")[2] if below == "." else _printable(here.name)
    return Identity(remote if below == "." else f"{remote}#{below}", name, here, head)


def remote_name(address: str) -> str:
    """Host and path of a remote, one name for all ways to reach it, without credentials.

    ``git@github.com:org/repo.git`` and ``https://TOKEN@github.com/org/repo`` are the same;
    empty where there is no host, since another machine has another folder of that path.
    """
    text = address.strip().partition("?")[0].partition("#")[0]
    scheme, found, rest = text.partition("://")
    if found:
        authority, _, path = rest.partition("/")
        plain = scheme.lower() != "file"
    else:
        authority, colon, path = text.partition(":")
        plain = bool(colon) and "/" not in authority
    machine = authority.rpartition("@")[2].partition(":")[0].lower()
    path = path.strip("/").removesuffix(_SUFFIX)
    return redact(f"{machine}/{path}") if plain and machine and path else ""


def _printable(path: str) -> str:
    """A path whose bytes may be no text, as one."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def host() -> str:
    """The name of this machine."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import platform

    return platform.node()
