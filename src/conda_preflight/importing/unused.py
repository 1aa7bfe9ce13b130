"""Packages that a manifest asks for and no code imports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from conda_preflight.documents import Dockerfile, Manifest, Project, Requirement, Script, Spec
from conda_preflight.errors import Skip
from conda_preflight.facts.dynamic_needs import BY_KEY
from conda_preflight.facts.import_names import IMPORTABLE
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.facts.not_imported import is_not_imported
from conda_preflight.importing.environment import Environment
from conda_preflight.importing.imported import Imported
from conda_preflight.importing.role import is_beside
from conda_preflight.report import Problem

MAX_TOLD = 10
"""Above this many they are told as one."""

_SHOWN = 5
_MOST_UNREAD = 0.1
"""Above this part of files that cannot be read nobody knows what they import."""


def unused(
    manifest: Manifest, project: Project, imported: Imported, keep: Collection[str]
) -> Iterator[Problem]:
    """One problem for each line; raises Skip where too little of the code is known."""
    code = imported.code
    if is_beside(manifest.path):
        raise Skip("this environment is for documentation, tests or tools")
    if len(code.unread) > _MOST_UNREAD * max(1, code.read):
        raise Skip("too many Python files could not be read")
    used = _imported(manifest, imported)
    if not used:
        raise Skip("no code here runs in this environment")
    used |= {project for use in code.uses for project in BY_KEY[use.need].projects}
    kept = {normalized(name) for name in keep}
    words = _words(project)
    found: list[Spec | Requirement] = []
    lines: list[Spec | Requirement] = [*manifest.specs, *manifest.pip]
    for line in lines:
        names = {*_projects(line), normalized(line.name)}
        spared = not names.isdisjoint(kept | used | words)
        if not spared and not any(map(is_not_imported, names)):
            found += [] if IMPORTABLE.isdisjoint(_projects(line)) else [line]
    yield from map(_problem, found) if len(found) <= MAX_TOLD else (_summary(found),)


def _imported(manifest: Manifest, imported: Imported) -> set[str]:
    """The projects of which any code that runs in this environment imports something."""
    used = _used(imported)
    found = [names for environment, names in used.items() if manifest in environment.manifests]
    return {name for names in found for name in names}


@lru_cache(maxsize=2)
def _used(imported: Imported) -> dict[Environment, set[str]]:
    found: dict[Environment, set[str]] = {}
    for each in imported.foreign:
        here = [p for p in each.ownership.projects if p in each.environment.asked]
        found.setdefault(each.environment, set()).update(here or each.ownership.projects)
    return found


def _projects(line: Spec | Requirement) -> tuple[str, ...]:
    if isinstance(line, Spec):
        return projects_of(line.name) if line.name else ()
    return (line.name,) if line.name and line.kind in ("name", "url", "vcs") else ()


def _words(project: Project) -> set[str]:
    """The words of all commands, which may run a tool or load a plugin by its name."""
    documents: list[Script | Dockerfile] = [*project.of(Script), *project.of(Dockerfile)]
    words = (word for doc in documents for command in doc.commands for word in command.words)
    return {normalized(part) for word in words for part in word[:200].split("/") if part}


def _problem(line: Spec | Requirement) -> Problem:
    return Problem(
        line.name,
        f"`{line.name}` is asked for, and no Python file or notebook here imports it",
        line.location,
        "Take the line out, or name it in `keep` of this rule if something loads it by name.",
    )


def _summary(lines: Sequence[Spec | Requirement]) -> Problem:
    names = ", ".join(f"`{line.name}`" for line in lines[:_SHOWN])
    return Problem(
        "packages",
        f"{len(lines)} packages are asked for that no Python file or notebook here imports: "
        f"{names} ...",
        lines[0].location,
        "Ask for what the code needs alone, and leave what that brings to the lock.",
    )
