"""Requirements files that others include with ``-r`` and ``-c``: which they are, what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from conda_preflight.documents import Manifest, Project, Requirement, Requirements, Source
from conda_preflight.grammar.pip_constraint import to_conda
from conda_preflight.grammar.relative_path import from_top

MAX_FILES = 100


def targets(doc: Manifest | Requirements, kind: str) -> Iterator[tuple[Requirement, str]]:
    """Lines of one kind ("include", "constraint") and the path that each means in the project."""
    for req in doc.pip:
        path = from_top(doc.path, req.value) if req.kind == kind else None
        if path:
            yield req, path


def followed(doc: Manifest | Requirements, project: Project) -> tuple[Requirements, ...]:
    """The files that a document includes, and those that they include, each once."""
    files = _files(project)
    seen: dict[str, Requirements] = {}
    todo: list[Manifest | Requirements] = [doc]
    while todo and len(seen) < MAX_FILES:
        for _, path in targets(todo.pop(), "include"):
            if path in files and path not in seen and path != doc.path:
                seen[path] = files[path]
                todo.append(files[path])
    return tuple(seen.values())


def pip_lines(manifest: Manifest, project: Project) -> tuple[Requirement, ...]:
    """The pip lines with those of included files; an include that is not here stays."""
    files = followed(manifest, project)
    lines = [*manifest.pip, *(line for doc in files for line in doc.pip)]
    return tuple(line for line in lines if not files or line.kind != "include")


def constrained(doc: Manifest | Requirements, project: Project) -> dict[str, str]:
    """What the constraint files of a document say, by project, in conda's language."""
    files = _files(project)
    table: dict[str, str] = {}
    for _, path in targets(doc, "constraint"):
        for req in files[path].pip if path in files else ():
            if req.kind == "name" and req.specifier and not req.marker:
                table[req.name] = to_conda(req.specifier)
    return table


def is_constraints(doc: Manifest | Requirements, project: Project) -> bool:
    """Whether it is a file of constraints, by its name or since another one uses it so."""
    if not isinstance(doc, Requirements):
        return False
    named = "constraint" in doc.path.rpartition("/")[2].lower()
    return named or doc.path in _constraint_paths(project)


def is_loose(doc: Requirements, project: Project) -> bool:
    """Whether the project has manifests, and none of them includes this file."""
    return bool(project.of(Manifest)) and doc.path not in _included_paths(project)


@lru_cache(maxsize=2)
def paths(project: Project) -> frozenset[str]:
    """The files that are known to be in the project: those read, and those tracked."""
    return frozenset(source.path for source in project.of(Source)) | (
        project.tracked or frozenset()
    )


@lru_cache(maxsize=2)
def _files(project: Project) -> Mapping[str, Requirements]:
    return {found.path: found for found in project.of(Requirements)}


@lru_cache(maxsize=2)
def _constraint_paths(project: Project) -> frozenset[str]:
    documents: list[Manifest | Requirements] = [*project.of(Manifest), *project.of(Requirements)]
    return frozenset(path for doc in documents for _, path in targets(doc, "constraint"))


@lru_cache(maxsize=2)
def _included_paths(project: Project) -> frozenset[str]:
    manifests = project.of(Manifest)
    return frozenset(file.path for doc in manifests for file in followed(doc, project))
