"""``conda-preflight fleet``: the same audit on many nodes, or of many projects."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli import fleet_hosts, fleet_kubernetes, fleet_ways
from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.cli.repeated import repeated
from conda_preflight.config import settings, severity
from conda_preflight.errors import UsageError
from conda_preflight.output import write_atomically
from conda_preflight.plain import document_type
from conda_preflight.report import Verdict

if TYPE_CHECKING:
    from conda_preflight.answers.sheet import Sheet
    from conda_preflight.fleet.collect import Request
    from conda_preflight.fleet.outcome import Fleet
    from conda_preflight.ledger.record import Record

FORMATS = ("text", "json", "markdown", "html")


@document_type
class _Told:
    """What is said, before it has a format; ``title`` begins with the verdict."""

    verdict: Verdict
    title: str
    parts: tuple[Sheet, ...]
    json: Callable[[], str]
    records: Callable[[], Iterable[Record]]


def _words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _one(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> str:
    """The one path, also where a shell has made many of a pattern."""
    if len(values) > 1:
        hint = "A pattern stands between quotes, as --projects 'projects/*'."
        raise UsageError(f"PATH is one project, and here are {len(values)}", hint)
    return "".join(values)


@click.command()
@click.argument("path", nargs=-1, callback=_one, metavar="[PATH]")
@click.option("--ray", metavar="ADDRESS|auto", default="", help="Ask the nodes of a Ray cluster.")
@fleet_hosts.options
@fleet_kubernetes.options
@click.option("--projects", metavar="GLOB|FILE", default="", help="Audit many projects instead.")
@click.option("--here", is_flag=True, help="Ask this machine alone; its answer is JSON.")
@repeated("--answers", metavar="FILE", help="Compare answers that --here has written elsewhere.")
@click.option("--prefix", metavar="DIR", default="", help="The environment, as a node names it.")
@click.option("--only", metavar="RESOURCE|LABEL=VALUE", default="", help="Only such nodes.")
@click.option("--runtime-env", metavar="FILE", default="", help="Ray's own, as JSON or YAML.")
@click.option(
    "--node-timeout",
    type=click.FloatRange(min=1),
    default=600.0,
    show_default=True,
    help="Seconds that a node has to answer, or a project to be audited.",
)
@click.option("--listing", is_flag=True, help="With --here: name each file with its digest.")
@click.option(
    "--workers", type=click.IntRange(1, 10_000), help="So many projects or hosts at once."
)
@click.option("--results", metavar="DIR", default="", help="Where results of projects are kept.")
@repeated("--select", callback=_words, metavar="RULE|FAMILY", help="Only these checks.")
@repeated("--ignore", callback=_words, metavar="RULE|FAMILY", help="Not these checks.")
@click.option("--quick", "verify", flag_value="quick", help="Of a prefix, sizes and kinds alone.")
@click.option("--full", "verify", flag_value="full", help="Of a prefix, all compiled code too.")
@click.option(
    "--no-cache", "cache", is_flag=True, default=True, flag_value=False, help="Every digest anew."
)
@click.option("--fail-on", type=click.Choice(["error", "warning", "note"]), help="Default: error.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="On stdout.")
@repeated("--report", "reports", metavar="FORMAT=FILE", help="Write it to a file too.")
@click.option("-q", "--quiet", is_flag=True, help="Only what is not a GO, and the verdict.")
@recorded
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
def command(
    *,
    path: str,
    form: str,
    reports: tuple[str, ...],
    colour: bool | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Run the same probe and audit on many nodes, and say which of them differ in what.

    PATH is a project as each node names it; $NAME in it and in --prefix is a variable of the node.
    Exit code 0: all GO and alike; 1: one is NO-GO or differs; 2: one could not be asked.
    """
    way = fleet_ways.chosen(given)
    files = [_report_file(text) for text in reports]
    ledger = named(given)
    if way == "here":
        sys.stdout.write(fleet_kubernetes.of_this_machine(_request(path, given), given))
        return
    if given["manifests"]:
        sys.stdout.write(fleet_kubernetes.manifests(_request(path, given), given))
        return
    if way == "projects":
        told = _projects(given)
    else:
        fleet = _compared(given) if way == "answers" else _asked(path, given)
        told = _nodes(fleet, quiet=given["quiet"])
    made = {name: _written(told, name, colour) for name in {form, *(name for name, _ in files)}}
    for name, file in files:
        write_atomically(file, made[name])
    sys.stdout.write(made[form])
    for record in told.records():
        remember(ledger, settings(Path()), partial(_same, record))
    click.get_current_context().exit(told.verdict.exit_code)


def _same(record: Record) -> Record:
    return record


def _request(path: str, given: dict[str, Any]) -> Request:
    from conda_preflight.fleet.collect import Request

    return Request(
        prefix=given["prefix"],
        path=path,
        select=given["select"],
        ignore=given["ignore"],
        fail_on=given["fail_on"] or "",
        verify=given["verify"] or "",
        cache=given["cache"],
        listing=given["listing"],
    )


def _compared(given: dict[str, Any]) -> Fleet:
    from conda_preflight.fleet import saved
    from conda_preflight.fleet.outcome import compared, with_own_files

    answers = saved.read([Path(file) for file in given["answers"]])
    found = compared("", answers, fail_on=severity(given["fail_on"] or "error", "--fail-on"))
    return with_own_files(found)


def _asked(path: str, given: dict[str, Any]) -> Fleet:
    from conda_preflight.cli.progress import Progress
    from conda_preflight.fleet import ray_nodes

    if given["kubernetes"]:
        return fleet_kubernetes.asked(_request(path, given), given)
    request = _request(_absolute(path), {**given, "prefix": _absolute(given["prefix"])})
    if given["hosts"]:
        return fleet_hosts.asked(request, given)
    with Progress() as progress:
        return ray_nodes.ask(
            given["ray"],
            request,
            seconds=given["node_timeout"],
            told=progress.tell,
            only=given["only"],
            runtime_env=given["runtime_env"],
            fail_on=severity(given["fail_on"] or "error", "--fail-on"),
        )


def _absolute(place: str) -> str:
    """A place on the nodes; a relative one counts from the folder here, which they may share."""
    return str(Path.cwd() / place) if place and not place.startswith(("/", "$")) else place


def _nodes(fleet: Fleet, *, quiet: bool) -> _Told:
    from conda_preflight.actions.recording_of_fleet import of_nodes
    from conda_preflight.answers import fleet_json, fleet_sheets

    parts, title = fleet_sheets.sheets(fleet, quiet=quiet), fleet_sheets.title(fleet)
    written = partial(fleet_json.write, fleet)
    return _Told(fleet.verdict, title, parts, written, partial(of_nodes, fleet))


def _projects(given: dict[str, Any]) -> _Told:
    from conda_preflight.actions.recording_of_fleet import of_projects
    from conda_preflight.answers import projects_sheets
    from conda_preflight.cli.progress import Progress
    from conda_preflight.fleet import ray_projects
    from conda_preflight.fleet.project_results import Results, read
    from conda_preflight.fleet.projects_summary import summary

    projects = ray_projects.named(given["projects"])
    folder = Path(given["results"]) if given["results"] else _usual_results(given["projects"])
    asked = {name: given[name] for name in ("select", "ignore", "verify", "fail_on") if given[name]}
    with Progress() as progress, Results(folder) as results:
        ray_projects.audit_all(
            projects,
            results,
            asked,
            address=given["ray"],
            workers=given["workers"] or (0 if given["ray"] else os.cpu_count() or 1),
            seconds=given["node_timeout"],
            told=progress.tell,
            runtime_env=given["runtime_env"],
        )
    found = summary(folder, read(folder), projects)
    title = projects_sheets.title(found)
    parts = projects_sheets.sheets(found, quiet=given["quiet"])
    written = partial(projects_sheets.write_json, found)
    return _Told(
        found.verdict, title, parts, written, lambda: [of_projects(found, given["projects"])]
    )


def _usual_results(asked: str) -> Path:
    """A folder of the user's for these projects, the same each time."""
    import hashlib

    from conda_preflight.cache_place import state_folder

    name = hashlib.sha256(os.fsencode(Path.cwd() / asked)).hexdigest()[:16]
    return state_folder() / "fleet" / name


def _written(told: _Told, form: str, colour: bool | None) -> str:  # noqa: FBT001
    if form == "json":
        return told.json()
    from conda_preflight.answers import sheet, sheet_page
    from conda_preflight.output import ink

    if form == "html":
        return sheet_page.html(told.title, told.parts)
    if form == "markdown":
        return "\n".join(map(sheet.markdown, told.parts))
    pen = ink(colour=colour)
    return "\n".join(sheet.text(each, pen) for each in told.parts)


def _report_file(text: str) -> tuple[str, Path]:
    name, found, file = text.partition("=")
    if not found or name not in FORMATS or not file:
        hint = f"Formats: {', '.join(FORMATS)}."
        raise UsageError(f"--report takes FORMAT=FILE, not {text!r}", hint)
    if not Path(file).parent.is_dir():  # told now, and not after hours of asking
        raise UsageError(f"There is no folder {Path(file).parent} for the report")
    return name, Path(file)
