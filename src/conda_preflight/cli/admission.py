"""``conda-preflight admission``: a cluster runs only images with a fresh, signed GO."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conda_preflight.admission.configuration import Configuration
    from conda_preflight.admission.review import Decision, Question
    from conda_preflight.registry.reference import Reference

_CONFIG = click.option("--config", metavar="FILE", required=True, help="Settings of the gate.")


@click.group()
def command() -> None:
    """A gate of a Kubernetes cluster: an image runs only with a fresh, signed GO for it."""


@command.command()
@_CONFIG
@click.option("--cert", metavar="FILE", required=True, help="The certificate with its chain, PEM.")
@click.option("--key", metavar="FILE", required=True, help="Its private key, PEM.")
@click.option("--bind", metavar="HOST:PORT", default="127.0.0.1:8443", show_default=True)
@click.option("--warn-only", is_flag=True, help="Allow everything, and warn of what is refused.")
def serve(config: str, cert: str, key: str, bind: str, *, warn_only: bool) -> None:
    """Answer the questions of API servers at https://HOST:PORT/validate.

    Verdicts are read anew for each question, the settings and keys once, and the certificate
    whenever its files change.
    """
    import logging

    try:
        from conda_preflight.admission.gate import Gate
        from conda_preflight.admission.listening import Listening, run

        app = Gate(_decider(config), only_warn=warn_only).app()
    except ImportError:
        hint = "pip install 'conda-preflight[serve]'"
        raise UsageError("The gate needs starlette and uvicorn", hint) from None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run(app, Listening(*_address(bind), cert, key))


@command.command()
@click.argument("manifests", nargs=-1, required=True, metavar="FILE...")
@_CONFIG
def check(manifests: tuple[str, ...], config: str) -> None:
    """Say what the gate would answer to the objects in these YAML files.

    Exit code 0: all would be allowed; 1: one would be refused.
    """
    from conda_preflight.admission.asking import objects, question
    from conda_preflight.writers.escaping import visible

    decide = _decider(config)
    refused = False
    for thing in objects(Path(name) for name in manifests):
        decision = decide(question(thing))
        refused |= not decision.allowed
        title = visible(f"{thing.get('kind')} {question(thing).title}".strip())
        sys.stdout.write(f"{'allowed' if decision.allowed else 'refused'}: {title}\n")
        for line in (*decision.reasons, *decision.warnings):
            sys.stdout.write(f"  {visible(line)}\n")
    click.get_current_context().exit(int(refused))


@command.command()
@click.option("--image", metavar="NAME@DIGEST", required=True, help="The image of this program.")
@click.option("--namespace", metavar="N", default="conda-preflight", show_default=True)
@click.option("--ca", metavar="FILE", default="", help="The certificate that signed the gate's.")
@click.option("--warn-only", is_flag=True, help="Warn of what is refused, and let it be.")
@click.option("--registry", is_flag=True, help="It asks registries: let it reach port 443.")
@click.option("--without-server", is_flag=True, help="Only the policy that the API server checks.")
def manifests(image: str, ca: str, **given: Any) -> None:  # noqa: ANN401
    """Write what a cluster needs for the gate as YAML."""
    from conda_preflight.cluster import gate_objects, written

    bundle = _pem(ca) if ca else b""
    things = gate_objects.objects(gate_objects.Wish(image=image, ca=bundle, **given))
    sys.stdout.write(written.as_yaml(things))


def _decider(config: str) -> Callable[[Question], Decision]:
    from conda_preflight.admission.configuration import read
    from conda_preflight.admission.judgement import decide

    wanted = read(Path(config))

    def find(image: Reference) -> Iterable[bytes]:
        return _envelopes(wanted, image)

    return lambda asked: decide(asked, wanted, find, datetime.now(UTC))


def _envelopes(wanted: Configuration, image: Reference) -> Iterable[bytes]:
    from conda_preflight.admission.envelopes import in_folder, in_registry

    if wanted.envelopes:
        yield from in_folder(wanted.envelopes, image.digest.removeprefix("sha256:"))
    if wanted.registry:
        yield from in_registry(image)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004
        raise UsageError(f"{text[:80]!r} is no HOST:PORT", "Such as 0.0.0.0:8443.")
    return host.strip("[]"), int(port)


def _pem(file: str) -> bytes:
    from conda_preflight.cli.verify import key_bytes

    found = key_bytes(Path(file))
    if b"BEGIN CERTIFICATE" not in found or b"PRIVATE KEY" in found:
        raise UsageError(f"{file} is no certificate in PEM form")
    return found
