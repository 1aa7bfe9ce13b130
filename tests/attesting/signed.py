"""Keys, reports and envelopes for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from conda_preflight.actions.attest import sealed
from conda_preflight.attesting import statement
from conda_preflight.engines.signing_keys import private_key, public_key
from conda_preflight.report import Input, Outcome, Report, Rule, Severity, Status, Verdict
from conda_preflight.schema import to_json

LOCK, IMAGE, OTHER = "1" * 64, "2" * 64, "3" * 64
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RULE = Rule("lock/stale", Severity.ERROR, "It is stale", "", ("Lock",))


@cache
def pair(name: str, kind: str = "ed25519") -> tuple[bytes, bytes]:
    """The PEM of a private key and of its public half; the same for the same name."""
    made = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    }[kind]()
    return private_pem(made), public_pem(made)


def private_pem(key, passphrase: bytes = b"") -> bytes:
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def public_pem(key) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private(name: str = "ours", kind: str = "ed25519"):
    return private_key(pair(name, kind)[0], name, bytes)


def public(name: str = "ours", kind: str = "ed25519"):
    return public_key(pair(name, kind)[1], name)


def report(verdict=Verdict.GO, status=Status.PASSED, **more) -> Report:
    rows = (Input("conda-lock.yml", "conda-lock", LOCK),)
    outcomes = (Outcome(RULE.id, "conda-lock.yml", status),)
    values = {"rules": (RULE,), "outcomes": outcomes, "inputs": rows, "version": "0.1.0"}
    return Report(verdict=verdict, reasons=(), **(values | more))


def payload(said: Report | None = None, audited=NOW, signed=NOW, about=None) -> bytes:
    about = about or [statement.Subject("conda-lock.yml", LOCK)]
    return statement.write(about, audited, signed, to_json(said or report()))


def envelope(data: bytes | None = None, key=None):
    key = key or private()
    return sealed(data or payload(), key.keyid, key.sign)
