"""``conda-preflight freeze``: keep conda, pip, uv and people from changing a prefix."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.cli.subject_options import prefix_of
from conda_preflight.config import settings
from conda_preflight.errors import UsageError
from conda_preflight.language import ENGLISH, say, speaking, word

if TYPE_CHECKING:
    from conda_preflight.actions.freeze import Frozen

MAX_MESSAGE = 1000


@click.command()
@click.argument("prefix", type=click.Path())
@click.option(
    "--for",
    "kind",
    type=click.Choice(["container", "shared"]),
    default="container",
    help="container takes the write bits too; shared leaves them. Default container.",
)
@click.option("--copies", is_flag=True, help="Hard links to other places become files of its own.")
@click.option("--message", default="", help="What conda, pip and uv say to who tries.")
@click.option("--prove", "proving", is_flag=True, help="Freeze nothing: try to change a copy.")
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=120.0, help="For each attempt; default 120."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@recorded
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
def command(
    *,
    prefix: str,
    kind: str,
    copies: bool,
    message: str,
    proving: bool,
    seconds: float,
    form: str,
    colour: bool | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Keep the environment PREFIX (a directory, or auto) from being changed.

    Marks tell conda, mamba, pip and uv to leave it alone, and write bits are taken away. What is
    done is recorded in it first, and `unfreeze` undoes it. Exit code 0: it is frozen; 2: it
    cannot be.

    With --prove nothing is frozen: real attempts to change it are made on a copy, with its own
    pip, with uv, conda's installers and by hand. Exit code 0: none changed it; 1: one did; 2: it
    could not be tried.
    """
    from conda_preflight.actions.freeze import Wish, freeze
    from conda_preflight.cli.progress import Progress

    where = Path(prefix_of(prefix))
    if proving:
        click.get_current_context().exit(_proved(where, seconds, form, colour=colour))
    if len(message) > MAX_MESSAGE or not message.isprintable():
        raise UsageError(f"A message is one line of at most {MAX_MESSAGE} characters")
    with Progress() as progress, speaking(ENGLISH):
        done = freeze(where, Wish(kind, message, copies), progress.tell)
    sys.stdout.write(_json(where, done) if form == "json" else _text(where, done, colour))
    from conda_preflight.actions.recording_of_freezes import of_freeze

    remember(named(given), settings(where), lambda: of_freeze(where, done))


def _proved(where: Path, seconds: float, form: str, *, colour: bool | None) -> int:
    """The exit code, after everything was tried and told."""
    from conda_preflight.actions.prove import prove
    from conda_preflight.answers import prove_json, prove_text
    from conda_preflight.cli.progress import Progress
    from conda_preflight.output import ink
    from conda_preflight.proving.outcome import CHANGED

    with Progress() as progress:
        proof = prove(where, seconds, progress.tell)
    pen = ink(colour=colour)
    sys.stdout.write(prove_json.write(proof) if form == "json" else prove_text.write(proof, pen))
    if not proof.tried:
        return 2
    return 1 if proof.of(CHANGED) else 0


def _json(where: Path, done: Frozen) -> str:
    document = {
        "schema_version": 1,
        "prefix": str(where),
        "for": done.kind,
        "was_frozen": done.was_frozen,
        "marks": list(done.marks),
        "read_only": done.taken,
        "notes": list(done.notes),
    }
    return json.dumps(document, indent=2) + "\n"


def _text(where: Path, done: Frozen, colour: bool | None) -> str:  # noqa: FBT001
    from conda_preflight.answers.phrases import told
    from conda_preflight.output import ink

    pen = ink(colour=colour)
    template = "{prefix} is frozen, for {kind}."
    if done.was_frozen:
        template = "{prefix} is frozen already, for {kind}."
    lines = [pen.plain(say(template, prefix=where, kind=word(done.kind)))]
    if not done.was_frozen:
        lines += [pen.plain("  " + say("written: {path}", path=path)) for path in done.marks]
        if done.taken:
            text = "read-only: {count} files and folders"
            lines.append("  " + say(text, count=f"{done.taken:,}"))
    for note in done.notes:
        lines += pen.wrap(f"{pen.mark('note')} {told(note)}", "  ", "    ")
    return "\n".join(lines) + "\n"
