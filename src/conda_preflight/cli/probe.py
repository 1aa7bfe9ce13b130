"""``conda-preflight probe``: this machine as a fact sheet, with what a prefix does on it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from conda_preflight.answers import probe_text
from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.config import settings
from conda_preflight.documents import Host, Trial
from conda_preflight.errors import UsageError
from conda_preflight.output import write_atomically
from conda_preflight.probing import sheet_json
from conda_preflight.probing.sheet import SECONDS, probe


@click.command()
@click.option("--output", metavar="FILE", help="Write the sheet there, not to stdout.")
@click.option("--name", default="", help="What the target is called.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default="/",
    metavar="DIR",
    help="Read the machine whose root directory that is, as in a container that mounts it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="json",
    help="json is the sheet, text a short summary of it.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=SECONDS,
    show_default=True,
    help="How long each library of the driver may take to answer.",
)
@click.option(
    "--prefix",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Try the environment there on this machine, and tell in the sheet what it did.",
)
@click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="NAME",
    help="Try this alone: torch.matmul, or torch for all of torch. Several may be given.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=300.0,
    show_default=True,
    help="Seconds that each step may take.",
)
@click.option(
    "--smoke",
    type=click.Path(path_type=Path),
    metavar="SCRIPT",
    help="A Python script that the prefix runs as the last step; exit code 0 is a pass.",
)
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu"]),
    default="auto",
    help="cpu hides the GPUs from the steps.",
)
@recorded
def command(
    *,
    output: str | None,
    name: str,
    root: Path,
    form: str,
    seconds: float,
    prefix: Path | None,
    steps: tuple[str, ...],
    timeout: float,
    smoke: Path | None,
    device: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Write what this machine is as a fact sheet, which ``audit --target FILE`` reads.

    Needs no rights and no GPU. What cannot be read is left out, and the sheet says why. With
    --prefix the environment's own Python runs a program that tries its frameworks.
    """
    if not prefix and (steps or smoke):
        raise UsageError("--step and --smoke are tried in a prefix", "Name it with --prefix DIR.")
    trials = _tried(prefix, steps, timeout, smoke, device) if prefix else ()
    host = replace(probe(root, name=name, seconds=seconds), trials=trials)
    text = sheet_json.write(host)
    if output:
        write_atomically(Path(output), text)
    sys.stdout.write(_shown(host, text, form, is_written=bool(output)))
    if form == "json" and sys.stdout.isatty():
        sys.stderr.write(probe_text.write(host))
    from conda_preflight.actions.recording_of_actions import of_probe

    remember(named(given), settings(Path()), lambda: of_probe(host, prefix))


def _tried(
    prefix: Path, steps: tuple[str, ...], timeout: float, smoke: Path | None, device: str
) -> tuple[Trial, ...]:
    """The trials, each told on stderr when it is done."""
    from conda_preflight.trying.trials import try_prefix

    def told(trial: Trial) -> None:
        sys.stderr.write(probe_text.line(trial))
        sys.stderr.flush()

    return try_prefix(prefix, steps, seconds=timeout, smoke=smoke, device=device, told=told)


def _shown(host: Host, text: str, form: str, *, is_written: bool) -> str:
    if form == "text":
        return probe_text.write(host)
    return "" if is_written else text
