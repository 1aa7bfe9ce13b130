"""Environments on this machine: named by lists, in folders for them, and in projects."""

from __future__ import annotations

import json
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conda_preflight.cleaning.found import ENVIRONMENT, Environment, Found
from conda_preflight.cleaning.names import TRASH
from conda_preflight.cleaning.places import Home, Places
from conda_preflight.engines.cache_search import listing, thing
from conda_preflight.engines.mounts import Mounts
from conda_preflight.plain import value_type

MAX_LIST = 4 * 1024 * 1024
MAX_RECORD = 1024 * 1024
MAX_DEPTH = 4
MAX_FOLDERS = 20_000
_MANIFESTS = ("environment.yml", "environment.yaml", "pixi.toml", "pyproject.toml")
_NOT_PROJECTS = ("node_modules", "__pycache__", "site-packages", "envs", "pkgs", "conda-meta")


@value_type
class Candidate:
    """A folder that may be an environment, with whose it is and what it is called."""

    path: str
    tool: str
    name: str = ""


def environments(places: Places, mounts: Mounts) -> Iterator[Found]:
    """Every environment once, by its real path, not weighed yet."""
    registries = {
        file: frozenset(map(os.path.realpath, listed(file))) for file in places.registries
    }
    roots = {path for path, _ in places.roots}
    met: set[str] = set()
    for candidate in _candidates(places):
        real = os.path.realpath(candidate.path)
        if real in met or not places.holds(real) or not is_environment(real):
            continue
        met.add(real)
        named_in = tuple(file for file, known in registries.items() if real in known)
        yield from _found(candidate, real, roots, named_in, mounts)


def is_environment(path: str) -> bool:
    """A real folder with records of conda in it."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode) and stat.S_ISDIR(
            os.lstat(f"{path}/conda-meta").st_mode
        )
    except (OSError, ValueError):
        return False


def listed(file: str) -> list[str]:
    """The absolute paths in a list of environments, one a line."""
    text = _text(file, MAX_LIST)
    return [line for line in text.split("\n") if line.startswith("/") and "\0" not in line]


def _candidates(places: Places) -> Iterator[Candidate]:
    yield from (Candidate(path, tool, "base") for path, tool in places.roots)
    for home in places.homes:
        yield from _in_home(home)
    for project in places.projects:
        yield from _in_project(project, MAX_DEPTH)
    for folder in places.alone:
        yield from _in_project(folder, 0)
    for file in places.registries:
        yield from (Candidate(path, "conda") for path in listed(file))


def _in_home(home: Home) -> Iterator[Candidate]:
    todo = [(home.path, home.deep)]
    while todo:
        folder, deep = todo.pop()
        for entry in listing(folder):
            if not entry.is_dir() or entry.name == TRASH:
                continue
            if is_environment(os.path.realpath(entry.path)):
                yield Candidate(entry.path, home.tool, entry.name)
            elif deep > 1 and entry.is_dir(follow_symlinks=False):
                todo.append((entry.path, deep - 1))


def _in_project(top: str, most: int) -> Iterator[Candidate]:
    """Environments of pixi's projects, and those that lie in a project as folders of it."""
    if is_environment(top):
        yield Candidate(top, "conda")
    todo, count = [(top, 0)], 0
    while todo and count < MAX_FOLDERS:
        (folder, depth), count = todo.pop(), count + 1
        for entry in listing(f"{folder}/.pixi/envs"):
            yield Candidate(entry.path, "pixi", f"{os.path.basename(folder)}:{entry.name}")  # noqa: PTH119
        for entry in listing(folder):
            if not entry.is_dir(follow_symlinks=False) or entry.name in _NOT_PROJECTS:
                continue
            if is_environment(entry.path):
                yield Candidate(entry.path, "conda", entry.name)
            elif depth < most and not entry.name.startswith("."):
                todo.append((entry.path, depth + 1))


def _found(
    candidate: Candidate, real: str, roots: set[str], named_in: tuple[str, ...], mounts: Mounts
) -> Iterator[Found]:
    for each in thing(ENVIRONMENT, candidate.tool, real):
        mount = mounts.of(real, each.parts[0].device)
        project, told_by = _project(real)
        environment = Environment(
            name=candidate.name or Path(real).name,
            base=_base(real, roots),
            frozen=os.path.lexists(f"{real}/conda-meta/frozen"),
            history=_changed(f"{real}/conda-meta/history"),
            project=project,
            told_by=told_by,
            true_access=mount.keeps_access,
            registries=named_in,
        )
        yield Found(
            ENVIRONMENT,
            candidate.tool,
            real,
            each.parts,
            environment=environment,
            can_share=mount.can_share,
            barred=each.barred,
        )


def _base(prefix: str, roots: set[str]) -> str:
    if prefix in roots:
        return "it is the root of an installation"
    rooms = any(os.path.isdir(f"{prefix}/{name}") for name in ("envs", "pkgs"))  # noqa: PTH112
    program = any(os.path.lexists(f"{prefix}/{name}") for name in ("condabin", "bin/conda"))
    return "conda itself is installed in it" if rooms and program else ""


def _changed(file: str) -> float:
    try:
        return os.lstat(file).st_mtime
    except OSError:
        return 0


def _project(prefix: str) -> tuple[str, str]:
    """The project that an environment belongs to, and what says so."""
    record = _json(f"{prefix}/conda-meta/pixi")
    manifest = record.get("manifest_path")
    if isinstance(manifest, str) and manifest.startswith("/"):
        return str(Path(manifest).parent), "pixi's record"
    above = Path(prefix).parents
    folder = above[2] if above[0].name == "envs" and above[1].name == ".pixi" else above[0]
    if any((folder / name).is_file() for name in _MANIFESTS):
        return str(folder), "the folder that it lies in"
    for line in _text(f"{prefix}/conda-meta/history", MAX_RECORD).split("\n"):
        file = _file_named(line) if line.startswith("# cmd:") else ""
        if file.startswith("/"):
            return str(Path(file).parent), "conda's history"
    return "", ""


def _file_named(line: str) -> str:
    """The file after ``-f`` or ``--file`` of a command."""
    try:
        words = shlex.split(line.removeprefix("# cmd:"))
    except ValueError:
        return ""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in ("-f", "--file"):
            return after
        if word.startswith("--file="):
            return word.removeprefix("--file=")
    return ""


def _text(file: str, most: int) -> str:
    """The text of a regular file, empty where there is none or it is larger."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            found = os.fstat(stream.fileno())
            is_fit = stat.S_ISREG(found.st_mode) and found.st_size <= most
            return os.fsdecode(stream.read(most)) if is_fit else ""
    except (OSError, ValueError):
        return ""


def _json(file: str) -> dict[str, Any]:
    try:
        found = json.loads(_text(file, MAX_RECORD) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
