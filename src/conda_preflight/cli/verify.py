"""``conda-preflight verify``: accept a signed verdict before deployment, or refuse it."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.language import ENGLISH, speaking

if TYPE_CHECKING:
    from conda_preflight.attesting.acceptance import Answer, Policy

_HOW = "Say for what: --lock FILE, --image IMAGE or --digest sha256:...."


@click.command()
@click.argument("envelope", type=click.Path())
@repeated("--key", "keys", metavar="FILE", help="A public key that is trusted.")
@click.option("--threshold", type=click.IntRange(1, 64), default=None, help="So many must sign.")
@click.option("--identity", metavar="NAME", default="", help="Who signed by Sigstore.")
@click.option("--issuer", metavar="URL", default="", help="Who says who that is.")
@click.option("--lock", metavar="FILE", default="", help="It must be about this lock.")
@click.option("--image", metavar="IMAGE|NAME@DIGEST", default="", help="And about this image.")
@click.option("--digest", metavar="sha256:...", default="", help="And about this digest.")
@click.option("--max-age", metavar="7d", default="", help="How old the audit may be; default 30d.")
@repeated("--require", metavar="FAMILY", help="What must have been checked.")
@repeated("--target", "targets", metavar="NAME", help="Where it must be a GO.")
@click.option("--policy", metavar="FILE", default="", help="All of this from a TOML file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(envelope: str, form: str, **given: Any) -> None:  # noqa: ANN401
    """Accept ENVELOPE only where a trusted key signed a GO for exactly this lock or image.

    Exit code 0 is accepted, 1 refused, 2 that it cannot be told, or wrong use.
    """
    from conda_preflight.answers import verify_text

    wanted = _wanted(given)
    policy = _policy(given, wanted)
    data = _envelope(Path(envelope))
    if isinstance(data, str):
        from conda_preflight.attesting.acceptance import Answer

        answer = Answer(data)
    else:
        answer = _judge(data, wanted, policy)
    write = verify_text.write_json if form == "json" else verify_text.write
    with speaking(ENGLISH):
        sys.stdout.write(write(answer))
    click.get_current_context().exit(int(bool(answer.reason)))


def _wanted(given: dict[str, Any]) -> dict[str, Any]:
    """What the policy file says, and the command line over it."""
    wanted: dict[str, Any] = {}
    if given["policy"]:
        from conda_preflight.attesting.policy_file import policy

        file = Path(given["policy"])
        wanted = policy(key_bytes(file).decode("utf-8", "replace"), file)
    names = ("keys", "threshold", "identity", "issuer", "require", "targets")
    wanted |= {name: given[name] for name in names if given[name]}
    if given["max_age"]:
        from conda_preflight.attesting.age import age

        wanted["max_age"] = age(given["max_age"])
    return wanted


def _policy(given: dict[str, Any], wanted: dict[str, Any]) -> Policy:
    from conda_preflight.attesting.acceptance import Policy

    if not any(given[name] for name in ("lock", "image", "digest")):
        raise UsageError("A verdict is for one lock or one image", _HOW)
    names = ("threshold", "max_age", "require", "targets")
    return Policy(
        lock=_digest_of(Path(given["lock"])) if given["lock"] else "",
        image=_image(given["image"]) if given["image"] else "",
        digest=_digest(given["digest"]) if given["digest"] else "",
        **{name: wanted[name] for name in names if name in wanted},
    )


def _judge(data: bytes, wanted: dict[str, Any], policy: Policy) -> Answer:
    from conda_preflight.attesting.acceptance import judge
    from conda_preflight.engines.signing_keys import public_key

    if wanted.get("identity") or wanted.get("issuer"):
        return _keyless(data, wanted, policy)
    files = wanted.get("keys", ())
    keys = {key.keyid: key for key in (public_key(key_bytes(Path(f)), f) for f in files)}
    if not keys:
        raise UsageError("No key is trusted", "Name one: --key FILE. Or --identity and --issuer.")
    if len(keys) < policy.threshold:
        raise UsageError(f"{policy.threshold} keys must sign, and {len(keys)} are trusted")
    return judge(data, tuple(keys.values()), policy, datetime.now(UTC))


def _keyless(data: bytes, wanted: dict[str, Any], policy: Policy) -> Answer:
    from dataclasses import replace

    from conda_preflight.attesting.acceptance import Answer, judge_payload
    from conda_preflight.engines.keyless import verified

    identity, issuer = wanted.get("identity", ""), wanted.get("issuer", "")
    if not (identity and issuer) or wanted.get("keys"):
        raise UsageError("Sigstore is asked by --identity and --issuer together, without --key")
    try:
        payload = verified(data, identity, issuer)
    except ReadError as error:
        return Answer(error.message)
    answer = judge_payload(payload, policy, datetime.now(UTC))
    return replace(answer, signers=(f"{identity} ({issuer})",))


def _envelope(file: Path) -> bytes | str:
    """The bytes of the envelope, or why such a file is refused."""
    from conda_preflight.attesting.strict_json import MAX_BYTES

    if not file.is_file():
        raise UsageError(f"There is no file {file}", "Make one: conda-preflight attest.")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    return data if len(data) <= MAX_BYTES else f"The envelope is larger than {MAX_BYTES >> 20} MiB"


def key_bytes(file: Path) -> bytes:
    """The bytes of a small file that somebody named; raises UsageError."""
    from conda_preflight.opening import read_bytes

    try:
        return read_bytes(file)
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def _digest_of(file: Path) -> str:
    return hashlib.sha256(key_bytes(file)).hexdigest()


def _image(text: str) -> str:
    from conda_preflight.actions.image_digest import named_image

    return named_image(text).subject.sha256


def _digest(text: str) -> str:
    from conda_preflight.attesting.statement import is_digest

    found = text.removeprefix("sha256:")
    if not is_digest(found):
        raise UsageError(f"A digest is sha256: and 64 hexadecimal digits, not {text[:80]!r}")
    return found
