"""``conda-preflight attest``: sign a verdict for a lock, and an image made from it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli.recording import is_whole, named, recorded, remember
from conda_preflight.cli.repeated import repeated
from conda_preflight.errors import UsageError
from conda_preflight.output import say, write_atomically

if TYPE_CHECKING:
    from conda_preflight.actions.attest import Judged
    from conda_preflight.attesting.statement import Subject
    from conda_preflight.ledger.record import Record

PASSPHRASE = "CONDA_PREFLIGHT_KEY_PASSPHRASE"  # noqa: S105  (the name of a variable)


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--key", metavar="FILE", default="", help="A private key in PEM form, PKCS#8.")
@click.option("--keyless", is_flag=True, help="Sign by Sigstore instead, over the network.")
@click.option("--output", metavar="FILE", default="", help="Default: LOCK.dsse.json.")
@click.option("--report", metavar="FILE", default="", help="Of audit --report json=FILE.")
@click.option("--image", metavar="IMAGE|NAME@DIGEST", default="", help="An image made from it.")
@click.option("--environment", metavar="NAME", default="", help="The one in the image.")
@click.option("--lock", metavar="FILE", default="", help="Only this lock.")
@click.option("--manifest", metavar="FILE", default="", help="The manifest to judge by.")
@repeated("--target", "targets", metavar="NAME|FILE", help="Where it must run.")
@repeated("--require", metavar="FAMILY", help="UNKNOWN when this was skipped.")
@click.option("--db", metavar="FILE|online", default="", help="The advisory database to ask.")
@click.option("--offline", is_flag=True, help="No network for the audit.")
@recorded
def command(path: str, key: str, output: str, **given: Any) -> None:  # noqa: ANN401
    """Audit PATH and sign the verdict: an in-toto statement in a DSSE envelope.

    A NO-GO is signed too, and verify refuses it. Exit code 0 is GO, 1 is NO-GO, 2 is UNKNOWN or
    wrong use; after wrong use nothing is written.
    """
    from conda_preflight.actions import attest

    if bool(key) == given["keyless"]:
        raise UsageError("Name a key or sign without one", "--key FILE, or --keyless.")
    ledger = named(given)
    seal = _keyless if given["keyless"] else _with_key(Path(key))
    judged = _judged(Path(path), given)
    about = attest.subjects(Path(path), judged, given["lock"])
    if given["image"]:
        about.append(_image(Path(path), given))
    text = seal(attest.statement(judged, about, datetime.now(UTC)))
    file = Path(output or _named(about, given))
    write_atomically(file, text)
    verdict = judged.report.verdict
    say(f"{verdict.value.replace('_', '-')}, signed: {file}")
    record = _record(Path(path), given, judged, file)
    remember(ledger, _settings(Path(path), given), record, offline=given["offline"])
    click.get_current_context().exit(verdict.exit_code)


def _record(path: Path, given: dict[str, Any], judged: Judged, file: Path) -> Callable[[], Record]:
    """What makes the record: of the audit, or that a report was signed which was made before."""

    def make() -> Record:
        from conda_preflight.actions import recording

        if given["report"]:
            files, verdict = [Path(given["report"]), file], judged.report.verdict.value
            return recording.of_action("attest", path, verdict=verdict, files=files)
        told = (judged.report, path, _settings(path, given), judged.documents)
        return recording.of_report(*told, command="attest", whole=is_whole(given))

    return make


def _named(about: list[Subject], given: dict[str, Any]) -> str:
    """What the file is called where nobody says: after the lock, if it is one."""
    alone = len(about) == 1 + bool(given["image"])
    return f"{Path(about[0].name).name if alone else 'locks'}.dsse.json"


def _judged(path: Path, given: dict[str, Any]) -> Judged:
    from conda_preflight.actions import attest
    from conda_preflight.cli.progress import Progress

    if given["report"]:
        _refuse_both(given)
        return attest.given(Path(given["report"]))
    with Progress() as progress:
        return attest.audited(path, _settings(path, given), progress.tell, offline=given["offline"])


def _settings(path: Path, given: dict[str, Any]) -> Any:  # noqa: ANN401  (imported here, since it is slow)
    from conda_preflight.config import settings

    names = ("lock", "manifest", "targets", "require", "db")
    root = path if path.is_dir() else path.parent
    return settings(root, {name: given[name] for name in names})


def _refuse_both(given: dict[str, Any]) -> None:
    named = [name for name in ("manifest", "targets", "require", "db") if given[name]]
    if named:
        option = f"--{named[0].rstrip('s')}"
        raise UsageError(f"{option} is for an audit, and --report is one that was made")


def _image(path: Path, given: dict[str, Any]) -> Any:  # noqa: ANN401
    from conda_preflight.actions import attest
    from conda_preflight.actions.image_digest import named_image

    image = named_image(given["image"])
    note = attest.refuse_other_lock(image, path, _settings(path, given), given["environment"])
    if note:
        say(note)
    return image.subject


def _with_key(file: Path) -> Callable[[bytes], str]:
    from conda_preflight.actions.attest import sealed
    from conda_preflight.attesting.envelope import write
    from conda_preflight.engines.signing_keys import private_key

    key = private_key(_key_file(file), str(file), lambda: _passphrase(file))
    return lambda payload: write(sealed(payload, key.keyid, key.sign))


def _keyless(payload: bytes) -> str:
    from conda_preflight.engines.keyless import sign

    return sign(payload)


def _key_file(file: Path) -> bytes:
    from conda_preflight.cli.verify import key_bytes

    data = key_bytes(file)
    if stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        say(f"Others on this machine can read {file}: chmod 600 {file}")
    return data


def _passphrase(file: Path) -> bytes:
    import sys

    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE].encode()
    if not sys.stdin.isatty():
        raise UsageError(f"{file} is encrypted", f"Set {PASSPHRASE}, or run it on a terminal.")
    text: str = click.prompt(f"Passphrase of {file}", hide_input=True, err=True)
    return text.encode()
