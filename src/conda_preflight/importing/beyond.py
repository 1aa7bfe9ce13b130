"""What a project installs beside its manifests: packaging files, requirements and commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.documents import (
    Command,
    Dockerfile,
    Project,
    Requirement,
    Requirements,
    Script,
)
from conda_preflight.documents.code import Code
from conda_preflight.facts.import_names import IMPORTABLE
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.facts.not_imported import is_not_imported
from conda_preflight.grammar import requirement
from conda_preflight.grammar.included import is_constraints
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.unpinned_name import TOOLS, is_ci_tool
from conda_preflight.importing.role import is_beside
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_FOR_DEVELOPERS = lazy_pattern(
    r"(?i)(?:.*[^a-z])?(?:dev|test|tests|doc|docs|lint|ci|build)(?:[^a-z].*)?"
)
_INSTALLERS = ("pip", "uv", "conda", "mamba", "micromamba", "poetry", "pixi")
_NAME = lazy_pattern(r"(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)")


@document_type
class Beyond:
    """Names of PyPI that are asked for beside the manifests.

    ``own`` are those that the project itself needs, with its extras; ``asked`` all of them;
    ``installed`` those that end in the environment that runs the code, so that it holds more
    than a lock of the manifests says. ``open_ended`` is true where a program works out what the
    project needs.
    """

    own: set[str]
    asked: set[str]
    installed: set[str]
    open_ended: bool


def beyond(project: Project, code: Code) -> Beyond:
    """What the files of a project ask for beside its manifests."""
    own = _names(code.requirements)
    files = [doc for doc in project.of(Requirements) if not is_constraints(doc, project)]
    main = [f for f in files if not _FOR_DEVELOPERS.fullmatch(f.path) and not is_beside(f.path)]
    calls = {normalized(name) for name in code.names}
    commands = set(_commands(project, code)) - calls
    optional = _names(code.optional)
    return Beyond(
        own=own | optional,
        asked=own | optional | commands | {n for doc in files for n in _names(doc.pip)},
        installed=own | _code(commands) | {n for doc in main for n in _names(doc.pip)},
        open_ended=bool(code.open_ended),
    )


def _names(lines: Iterable[Requirement]) -> set[str]:
    return {line.name for line in lines if line.name}


def _code(names: set[str]) -> set[str]:
    """The names without those of tools, which bring nothing that code would import."""
    libraries = {n for n in names if n in IMPORTABLE or not is_not_imported(n)}
    return {n for n in libraries if n not in TOOLS and not is_ci_tool(n)}


def _commands(project: Project, code: Code) -> Iterator[str]:
    """The packages that commands of Dockerfiles, scripts, pages and notebooks install by name."""
    documents: list[Script | Dockerfile] = [*project.of(Script), *project.of(Dockerfile)]
    commands = [command for doc in documents for command in doc.commands]
    for command in (*commands, *code.installs):
        yield from _installed(command)


def _installed(command: Command) -> Iterator[str]:
    step = install_of(command)
    if step is None or step.tool not in _INSTALLERS or step.action not in ("install", "create"):
        return
    for word in step.names:
        found = _NAME.match(word[:200])
        if not found or is_ci_tool(word) or word.startswith((".", "/", "git+", "http")):
            continue
        if step.tool in ("pip", "uv"):
            name = requirement.parse(word[:200], command.location).name
            yield from (name,) if name else ()
        else:
            yield from projects_of(found[1].lower())
