"""What is done on one node: the machine is read, an environment or a project judged.

A request goes to the node as JSON and an answer of ``answers`` comes back, whatever carries them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_preflight.cache_place import cache_folder
from conda_preflight.documents import Host, Location, Project
from conda_preflight.errors import PreflightError, ReadError, UsageError
from conda_preflight.fleet import measured
from conda_preflight.fleet.answers import NodeAnswer, written
from conda_preflight.identity import host as machine_name
from conda_preflight.plain import document_type
from conda_preflight.probing.machine import Machine
from conda_preflight.report import Severity

if TYPE_CHECKING:
    from conda_preflight.config import Settings


@document_type
class Request:
    """What every node is asked.

    ``prefix`` and ``path`` are places on the node, in which ``$NAME`` is a variable of the node;
    empty for none. ``seconds`` bound each question to the driver; ``verify`` is a level of a
    verification, empty for the usual one. ``cache`` says whether digests of before may be believed,
    ``listing`` whether every file is told, and not one digest alone.
    """

    prefix: str = ""
    path: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = ""
    verify: str = ""
    seconds: float = 30.0
    cache: bool = True
    listing: bool = False


def request_json(request: Request) -> str:
    """A request as JSON."""
    return json.dumps({name: getattr(request, name) for name in _NAMES})


def read_request(text: str) -> Request:
    """The request in a JSON text; raises ReadError."""
    try:
        told = json.loads(text)
        return Request(**{**told, "select": tuple(told["select"]), "ignore": tuple(told["ignore"])})
    except (ValueError, TypeError, KeyError) as error:
        raise ReadError(f"This is no request to a node: {error}") from None


_NAMES = tuple(Request.__dataclass_fields__)


def collect(request: Request, variables: Mapping[str, str] | None = None) -> NodeAnswer:
    """The answer of this machine; never raises for what is on it.

    ``variables`` are those of the node, for names in paths; those of this process otherwise.
    """
    from conda_preflight.probing import sheet_json
    from conda_preflight.probing.sheet import probe

    known = os.environ if variables is None else variables
    host = probe(variables=known, seconds=request.seconds)
    answer = NodeAnswer(
        node=machine_name(),
        sheet=json.loads(sheet_json.write(host)),
        measured=measured.of_machine(host, Machine()),
    )
    try:
        return _judged(answer, request, host, known)
    except PreflightError as error:
        return replace(answer, reason=error.message)
    except OSError as error:
        return replace(answer, reason=f"{error.filename or request.path}: {error.strerror}")


def answer_json(request: Request, node: str = "") -> str:
    """What ``collect`` says, as one line of JSON in ASCII; ``node`` is what it is called there."""
    return json.dumps(written(_called(node, collect(request)))) + "\n"


def answer_log(request: Request, node: str = "") -> str:
    """The same as lines that a log keeps whole, in ASCII."""
    from conda_preflight.fleet import log_lines

    return log_lines.write(_called(node, collect(request)))


def _called(node: str, answer: NodeAnswer) -> NodeAnswer:
    return replace(answer, node=node) if node else answer


def resolved(place: str, variables: Mapping[str, str]) -> str:
    """A path with its ``$NAME`` put in; raises UsageError for a variable that is not set."""
    from string import Template

    try:
        return Template(place).substitute(variables)
    except KeyError as error:
        raise UsageError(f"The variable {error.args[0]} of {place} is not set there") from None
    except ValueError:
        raise UsageError(f"{place} is no path with variables") from None


def _judged(
    answer: NodeAnswer, request: Request, host: Host, variables: Mapping[str, str]
) -> NodeAnswer:
    prefix = resolved(request.prefix, variables)
    path = resolved(request.path, variables)
    for place in filter(None, (prefix, path)):
        if not Path(place).exists():
            raise UsageError(f"there is no {place}")
    report = _report(request, host, prefix, path)
    found = dict(answer.measured) | measured.of_report(report)
    listing = None
    if prefix:
        from conda_preflight.fleet.listing import read
        from conda_preflight.verification import kept_digests

        kept = kept_digests(Path(prefix), cache_folder() / "digests") if request.cache else None
        listing = read(Path(prefix), kept)
        found |= measured.of_environment(listing)
    return replace(
        answer, report=report, measured=found, listing=listing if request.listing else None
    )


def _report(request: Request, host: Host, prefix: str, path: str) -> dict[str, Any]:
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.schema import to_json

    root = Path(path or prefix) if path or prefix else Path("/")
    chosen = _settings(request, root, is_project=bool(path))
    project = _project(chosen, host, prefix, path)
    root = root if root.is_dir() else root.parent
    asked = engines(project, root, chosen, offline=True, cache=request.cache)
    return to_json(audit(project, chosen, datetime.now().astimezone().date(), engines=asked))


def _settings(request: Request, root: Path, *, is_project: bool) -> Settings:
    """Those of the project on the node, with what was given; without one those that were given."""
    from conda_preflight.config import Settings, settings

    given: dict[str, Any] = {
        "select": request.select,
        "ignore": request.ignore,
        "verify": request.verify,
    }
    if request.fail_on:
        given["fail_on"] = Severity(request.fail_on)
    if is_project:
        return settings(root if root.is_dir() else root.parent, given)
    return replace(Settings(), **given)


def _project(chosen: Settings, host: Host, prefix: str, path: str) -> Project:
    from conda_preflight.project import open_project

    if not (prefix or path):
        return Project(path=".", location=Location("."), documents=(host,), name=host.title)
    first, more = (path, [Path(prefix)] if prefix else []) if path else (prefix, [])
    project = open_project(Path(first), chosen, more)
    return replace(project, documents=(*project.documents, host))
