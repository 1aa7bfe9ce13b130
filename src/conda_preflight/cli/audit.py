"""``conda-preflight audit``: judge a project, write reports, set the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli import completion
from conda_preflight.cli.posting import destination, post, posted
from conda_preflight.cli.recording import is_whole, named, recorded, remember
from conda_preflight.cli.repeated import repeated
from conda_preflight.cli.solve_options import solving
from conda_preflight.config import Settings, settings, severity
from conda_preflight.errors import UsageError
from conda_preflight.output import FORMATS, OF_REPOSITORIES, terminal, write_atomically
from conda_preflight.plain import document_type
from conda_preflight.policy_setting import PolicySetting
from conda_preflight.report import Report

if TYPE_CHECKING:
    from conda_preflight.documents import Document, Project
    from conda_preflight.ledger.record import Record
    from conda_preflight.since import Known


def _words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@document_type
class _Judged:
    """A report, and the settings and documents that it was made from."""

    report: Report
    settings: Settings
    documents: tuple[Document, ...]


@click.command()
@click.argument("path", default=".", type=click.Path())
@repeated(
    "--target",
    "targets",
    metavar="NAME|FILE",
    shell_complete=completion.targets,
    help="Where it must run: a fact sheet.",
)
@repeated("--prefix", "prefixes", metavar="DIR|auto", help="An installed environment to judge too.")
@click.option("--lock", metavar="FILE", default="", help="The lock to judge by.")
@click.option("--manifest", metavar="FILE", default="", help="The manifest to judge by.")
@repeated(
    "--select",
    callback=_words,
    metavar="RULE|FAMILY",
    shell_complete=completion.rules,
    help="Only these checks.",
)
@repeated(
    "--ignore",
    callback=_words,
    metavar="RULE|FAMILY",
    shell_complete=completion.rules,
    help="Not these checks.",
)
@repeated("--platform", "platforms", callback=_words, help="A platform it must run on.")
@click.option(
    "--solve/--no-solve", default=None, help="Solve each manifest, over the network if need be."
)
@solving
@click.option(
    "--root", "system", metavar="DIR", help="The unpacked image in which a prefix will run."
)
@click.option("--quick", "verify", flag_value="quick", help="Of a prefix, sizes and kinds alone.")
@click.option("--full", "verify", flag_value="full", help="Of a prefix, all compiled code too.")
@click.option(
    "--no-cache", "cache", is_flag=True, default=True, flag_value=False, help="Every digest anew."
)
@click.option("--db", metavar="FILE|online", default="", help="The advisory database to ask.")
@click.option("--max-age", metavar="DAYS", default="", help="Refuse an older database.")
@repeated("--vex", metavar="FILE", help="Exceptions as OpenVEX or CycloneDX.")
@repeated("--policy", metavar="FILE", help="A policy in Rego, or a folder of them.")
@click.option("--policy-input", metavar="FILE", default="", help="Write what policies get.")
@repeated("--require", callback=_words, metavar="FAMILY", help="UNKNOWN when this was skipped.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "note"]), help="Default: error.")
@click.option("--baseline", metavar="FILE", default="", help="A JSON report: known findings.")
@click.option("--since", metavar="REV", default="", help="Tell what changed since a git revision.")
@click.option("--fail-on-new", is_flag=True, help="With --since: what was found then is muted.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="On stdout.")
@repeated("--report", "reports", metavar="FORMAT=FILE", help="Write a report to a file too.")
@click.option("--fix", is_flag=True, help="Mend what needs no judgement, then audit.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--offline", is_flag=True, help="No network: only local channels and snapshots.")
@recorded
@posted
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
@click.option(
    "-q", "--quiet", is_flag=True, help="Only what fails the audit, a line each, and the verdict."
)
@click.option("-v", "--verbose", count=True, help="Also passed checks and skipped ones.")
def command(  # noqa: PLR0917  (click passes them by name)
    path: str,
    prefixes: tuple[str, ...],
    fail_on: str | None,
    since: str,
    fail_on_new: bool,  # noqa: FBT001
    form: str,
    reports: tuple[str, ...],
    policy_input: str,
    fix: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    colour: bool | None,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
    verbose: int,
    **given: Any,  # noqa: ANN401
) -> None:
    """Judge PATH: a project directory, a single file, a prefix, or an image.

    Exit code 0 is GO, 1 is NO-GO, 2 is UNKNOWN or wrong use.
    """
    files = [_report_file(text) for text in reports]
    if fail_on_new and not since:
        raise UsageError("--fail-on-new needs a revision", "Name it: --since REV.")
    if fail_on:
        given["fail_on"] = severity(fail_on, "--fail-on")
    if policies := given.pop("policy"):
        given["policy"] = PolicySetting(policies)
    where = destination(given)
    access = {key: given.pop(key) for key in ("offline", "seconds", "cache", "system")}

    ledger = named(given)

    def judge() -> _Judged:
        return _audit(Path(path), given, prefixes, access, since=(since, fail_on_new))

    judged = judge()
    if fix or diff:
        judged = _mend(Path(path), judge, judged, only_show=diff)
    report = judged.report
    if policy_input:
        _write_policy_input(Path(policy_input), judged)
    wanted = {name for name, _ in files} | ({form} - {"text"})
    made = {name: FORMATS[name](_told(judged, name, Path(path))) for name in wanted}
    for name, file in files:
        write_atomically(file, made[name])
    shown = terminal(report, colour=colour, quiet=quiet, verbose=verbose) if form == "text" else ""
    sys.stdout.write(shown or made[form])
    passing = f"known since {since}" if since else ""
    record = _record(Path(path), judged, given, made.get("json", ""), passing)
    remember(ledger, judged.settings, record, offline=access["offline"])
    post(where, record, lambda: made.get("json", "") or FORMATS["json"](report))
    click.get_current_context().exit(report.verdict.exit_code)


def _write_policy_input(file: Path, judged: _Judged) -> None:
    """Write the input of policies, for who writes one or asks another engine."""
    import json

    from conda_preflight.access import told_policies
    from conda_preflight.documents import Location, Project
    from conda_preflight.house.policy_input import policy_input

    here = Project(".", Location("."), judged.documents, name=judged.report.subject)
    today = datetime.now().astimezone().date()
    given = policy_input(here, told_policies(judged.settings), today)
    write_atomically(file, json.dumps(given, indent=2, ensure_ascii=False) + "\n")


def _told(judged: _Judged, form: str, path: Path) -> Report:
    """The report for a format: with paths of the whole repository, or what is to be drawn."""
    if form == "html":
        from conda_preflight.installed import installed

        found = ((doc.path, one) for doc, one in installed(judged.documents))
        return replace(judged.report, installed=tuple(found))
    if form not in OF_REPOSITORIES:
        return judged.report
    from conda_preflight.repository_paths import folder_in_repository, from_top

    return from_top(judged.report, folder_in_repository(path))


def _record(
    path: Path, judged: _Judged, given: dict[str, Any], written: str, passing: str
) -> Callable[[], Record]:
    """What makes the record; ``written`` is the report as JSON, if it was made.

    ``passing`` is a reason to mute that holds for this audit alone.
    """

    def make() -> Record:
        from conda_preflight.actions.recording import of_report

        told = (judged.report, path, judged.settings, judged.documents)
        whole = is_whole(given)
        return of_report(*told, whole=whole, written=written, passing=passing)

    return make


def _audit(
    path: Path,
    given: dict[str, Any],
    prefixes: tuple[str, ...],
    access: dict[str, Any],
    since: tuple[str, bool],
) -> _Judged:
    """The audit; with a revision what changed since, and whether only what is new counts."""
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.cli.progress import Progress
    from conda_preflight.image_marks import is_system, may_be_image
    from conda_preflight.project import open_project

    root = path if path.is_dir() else path.parent
    chosen = settings(root, given)
    today = datetime.now().astimezone().date()
    revision, only_new = since
    if not revision and (is_system(path) or may_be_image(path)):
        return _audit_image(path, chosen, today, access)
    project = open_project(path, chosen, [_prefix(text) for text in prefixes])
    with Progress() as progress:

        def judge(project: Project, root: Path, chosen: Settings, known: Known = None) -> Report:
            asked = engines(project, root, chosen, told=progress.tell, **access)
            return audit(project, chosen, today, engines=asked, known=known)

        if revision:
            from conda_preflight.since import compared

            project, report = compared(path, revision, chosen, project, judge, only_new=only_new)
        else:
            report = judge(project, root, chosen)
    return _Judged(report, chosen, project.documents)


def _audit_image(path: Path, chosen: Settings, today: date, access: dict[str, Any]) -> _Judged:
    """What is unpacked of an image is gone when this returns."""
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.cli.progress import Progress
    from conda_preflight.image_project import opened

    with Progress() as progress, opened(path, chosen, progress.tell) as image:
        below = {**access, "cache": False, "system": image.root or None}
        asked = engines(image.project, path.parent, chosen, told=progress.tell, **below)
        report = audit(image.project, chosen, today, engines=asked)
        return _Judged(report, chosen, image.project.documents)


def _prefix(text: str) -> Path:
    if text != "auto":
        return Path(text)
    active = os.environ.get("CONDA_PREFIX")
    if not active:
        raise UsageError("No environment is active", "Name it: --prefix DIR.")
    return Path(active)


def _mend(path: Path, judge: Callable[[], _Judged], judged: _Judged, *, only_show: bool) -> _Judged:
    from conda_preflight.actions.mend import diff, mend

    root = path if path.is_dir() else path.parent
    if only_show:
        click.echo(diff(judged.report, root), nl=False)
        return judged
    for line in mend(judged.report, root):
        click.echo(line, err=True)
    return judge()


def _report_file(text: str) -> tuple[str, Path]:
    name, found, file = text.partition("=")
    if not found or name not in FORMATS or not file:
        raise UsageError(
            f"--report takes FORMAT=FILE, not {text!r}", f"Formats: {', '.join(FORMATS)}."
        )
    return name, Path(file)
