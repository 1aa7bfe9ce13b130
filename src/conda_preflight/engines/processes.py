"""Which files the processes of this machine use, as far as /proc tells this user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from conda_preflight.cleaning.found import Process, Running
from conda_preflight.errors import PreflightError

MAX_PROCESSES = 100_000
MAX_BYTES = 16 * 1024 * 1024
MAX_OPEN = 10_000
_DELETED = " (deleted)"
_FIELDS = 6
_NONE: frozenset[str] = frozenset()
_PREFIXES = ("CONDA_PREFIX", "VIRTUAL_ENV")
_INSTALLERS = frozenset(
    ("conda", "mamba", "micromamba", "pixi", "rattler-build", "uv", "pip", "pip3", "conda-lock")
)
_CHANGES = frozenset(
    [
        "add",
        "build",
        "create",
        "env",
        "install",
        "lock",
        "remove",
        "sync",
        "uninstall",
        "update",
        "upgrade",
    ]
)


def running(proc: str = "/proc") -> Running:
    """Every process with the files and folders that it maps, holds open or stands in.

    What another user's process uses may be hidden from this one; such are counted. Raises
    PreflightError where the system does not tell of processes this way.
    """
    found, hidden = [], 0
    if not Path(proc, "self").exists():
        raise PreflightError(
            "What processes use is not known here, so nothing can be freed safely",
            "This needs Linux, with /proc mounted.",
        )
    for entry in _numbers(Path(proc)):
        try:
            words = _read(entry / "cmdline").split("\0")
            try:
                found.append(_process(entry, words))
            except PermissionError:
                hidden += 1
                name, installs = Path(words[0]).name, _installs(words)
                found.append(Process(int(entry.name), name, _NONE, installs=installs))
        except OSError:
            continue  # it has ended
    return Running(tuple(found), hidden)


def _numbers(proc: Path) -> Iterator[Path]:
    with suppress(OSError):
        names = [entry.name for entry in os.scandir(proc) if entry.name.isdigit()]
        yield from (proc / name for name in names[:MAX_PROCESSES])


def _process(folder: Path, words: list[str]) -> Process:
    paths = set(_mapped(_read(folder / "maps")))
    for name in ("exe", "cwd", "root"):
        with suppress(FileNotFoundError):  # a thread of the kernel has none
            paths.add(_plain(os.readlink(folder / name)))  # noqa: PTH115
    paths.update(_open_files(folder / "fd"))
    rows = (line.partition("=") for line in _read(folder / "environ").split("\0"))
    variables = {key: value for key, _, value in rows if value.startswith("/")}
    paths.update(os.path.realpath(variables[key]) for key in _PREFIXES if key in variables)
    home = os.path.realpath(variables["HOME"]) if "HOME" in variables else ""
    program = Path(words[0]).name or _read(folder / "comm").strip()
    paths.discard("/")
    return Process(
        int(folder.name), program, frozenset(paths), installs=_installs(words), home=home
    )


def _read(file: Path) -> str:
    with file.open("rb") as stream:
        return os.fsdecode(stream.read(MAX_BYTES))


def _mapped(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        parts = line.split(None, _FIELDS - 1)
        if len(parts) == _FIELDS and parts[-1].startswith("/"):
            yield _plain(parts[-1].replace("\\012", "\n"))


def _open_files(folder: Path) -> Iterator[str]:
    for entry in list(os.scandir(folder))[:MAX_OPEN]:
        with suppress(FileNotFoundError):
            path = os.readlink(entry.path)  # noqa: PTH115
            if path.startswith("/"):
                yield _plain(path)


def _plain(path: str) -> str:
    return path.removesuffix(_DELETED)


def _installs(words: list[str]) -> bool:
    """Whether this is a package manager at work: itself, or run by an interpreter."""
    names = [Path(word).name for word in words[:3]]
    at = next((place for place, name in enumerate(names) if name in _INSTALLERS), None)
    if at is None or words[at + 1 : at + 2] == ["preflight"]:  # this program as conda's command
        return False
    return bool(_CHANGES.intersection(words[at + 1 : at + 4]))
