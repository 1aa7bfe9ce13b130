"""DSSE: an envelope that holds the bytes that were signed, and the signatures.

Source: https://github.com/secure-systems-lab/dsse, envelope.md and protocol.md. The key id is a
hint that no signature covers, so nothing is decided by it.
"""

from __future__ import annotations

import base64
import binascii
import json

from conda_preflight.attesting.strict_json import load
from conda_preflight.errors import ReadError
from conda_preflight.plain import value_type

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIGNATURES = 64
_WHAT = "The envelope"
_BUNDLE = "dsseEnvelope"


@value_type
class Signature:
    """A signature with the key id that stands beside it, which may be empty."""

    keyid: str
    value: bytes


@value_type
class Envelope:
    """The signed bytes, what they are, and who signed them."""

    payload: bytes
    signatures: tuple[Signature, ...]
    payload_type: str = PAYLOAD_TYPE


def signed_bytes(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """What a signature is made of: DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def write(envelope: Envelope) -> str:
    """One line of JSON, which is a file ``*.dsse.json`` and one ``*.intoto.jsonl``."""
    rows = [{"keyid": each.keyid, "sig": _encoded(each.value)} for each in envelope.signatures]
    document = {
        "payload": _encoded(envelope.payload),
        "payloadType": envelope.payload_type,
        "signatures": rows,
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def read(data: bytes) -> Envelope:
    """The envelope in a file, or in a Sigstore bundle; raises ReadError.

    Members that DSSE does not name are passed over, as it asks.
    """
    found = load(data, _WHAT)
    if isinstance(inner := found.get(_BUNDLE), dict):
        found = inner
    kind, rows = found.get("payloadType"), found.get("signatures")
    if not isinstance(kind, str) or not isinstance(rows, list):
        raise ReadError("This is not a DSSE envelope", "Make one: conda-preflight attest.")
    if kind != PAYLOAD_TYPE:
        raise ReadError(f"The envelope holds {kind[:100]!r}, not {PAYLOAD_TYPE}")
    if not 0 < len(rows) <= MAX_SIGNATURES:
        raise ReadError(f"The envelope has {len(rows)} signatures")
    return Envelope(_decoded(found.get("payload"), "payload"), tuple(map(_signature, rows)), kind)


def _signature(row: object) -> Signature:
    found = row if isinstance(row, dict) else {}
    keyid = found.get("keyid", "")
    if not isinstance(keyid, str):
        raise ReadError("A key id of the envelope is no text")
    return Signature(keyid, _decoded(found.get("sig"), "signature"))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: object, what: str) -> bytes:
    """Base64 of either alphabet, in the one spelling that these bytes have."""
    if not isinstance(text, str) or not text.isascii():
        raise ReadError(f"The envelope has no {what}")
    other = b"-_" if "-" in text or "_" in text else b"+/"
    try:
        data = base64.b64decode(text, altchars=other, validate=True)
    except (binascii.Error, ValueError):
        raise ReadError(f"The {what} of the envelope is not base64") from None
    if base64.b64encode(data, altchars=other).decode("ascii") != text:
        raise ReadError(f"The {what} of the envelope is not base64 as it must be written")
    return data
