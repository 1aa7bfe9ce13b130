"""Envelopes: the form of DSSE, what is refused, and that no changed byte is ever accepted."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.attesting.signed import LOCK, NOW, envelope, pair, payload, private, public

from conda_preflight.attesting import envelope as dsse
from conda_preflight.attesting.acceptance import Policy, judge
from conda_preflight.attesting.strict_json import MAX_BYTES, load
from conda_preflight.engines import keyless
from conda_preflight.engines.signing_keys import private_key, public_key
from conda_preflight.errors import ReadError, UsageError

POLICY = Policy(lock=LOCK)
FORMER = {"payload": "e30=", "payloadType": dsse.PAYLOAD_TYPE, "signatures": [{"sig": "AA=="}]}


def accepted(data, *keys, policy=POLICY):
    return not judge(data, keys or (public(),), policy, NOW).reason


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_what_was_written_is_read_and_accepted(kind):
    made = envelope(key=private("k", kind))
    text = dsse.write(made)
    assert dsse.read(text.encode()) == made
    assert accepted(text.encode(), public("k", kind))
    assert not accepted(text.encode(), public("another", kind))


def test_it_is_what_securesystemslib_reads_and_verifies():
    from securesystemslib.dsse import Envelope

    other = Envelope.from_dict(json.loads(dsse.write(envelope())))
    assert other.pae() == dsse.signed_bytes(payload())
    assert list(other.verify([public().key], 1)) == [public().keyid]


@pytest.mark.parametrize("mask", [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80])
def test_no_changed_byte_is_accepted_as_something_else(mask):
    """An envelope with one byte changed is refused, unless it has the payload, its type and the
    signature of the original: then the byte was in the key id, which no signature covers."""
    whole = envelope()
    text = dsse.write(whole).encode()
    begin = text.index(b'"keyid"')
    end = text.index(b'"sig"')
    for place in range(len(text)):
        changed = bytearray(text)
        changed[place] ^= mask
        answer = judge(bytes(changed), (public(),), POLICY, NOW)
        if answer.reason:
            continue
        found = dsse.read(bytes(changed))
        assert found.payload == whole.payload
        assert found.payload_type == whole.payload_type
        assert found.signatures[0].value == whole.signatures[0].value
        assert begin <= place < end or place == len(text) - 1  # the line feed at the end


@given(st.data())
def test_no_cut_swapped_or_inserted_bytes_are_accepted_as_something_else(data):
    whole = envelope()
    text = dsse.write(whole).encode()
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    changed = text[:begin] + data.draw(st.binary(max_size=8)) + text[end:]
    if accepted(changed):
        assert dsse.read(changed).payload == whole.payload


def test_a_key_id_decides_nothing():
    made = envelope()
    nameless = dsse.Envelope(made.payload, (dsse.Signature("", made.signatures[0].value),))
    misnamed = dsse.Envelope(
        made.payload, (dsse.Signature(public("x").keyid, made.signatures[0].value),)
    )
    assert accepted(dsse.write(nameless).encode())
    assert accepted(dsse.write(misnamed).encode())
    assert not accepted(dsse.write(misnamed).encode(), public("x"))


def test_a_bundle_of_sigstore_is_opened():
    bundle = {"mediaType": "x", "dsseEnvelope": json.loads(dsse.write(envelope()))}
    assert accepted(json.dumps(bundle).encode())


def test_a_threshold_counts_keys_and_not_signatures():
    one, two = envelope(), envelope(key=private("second"))
    both = dsse.Envelope(one.payload, one.signatures + two.signatures)
    twice = dsse.Envelope(one.payload, one.signatures * 2)
    policy = Policy(lock=LOCK, threshold=2)
    keys = (public(), public("second"))
    assert accepted(dsse.write(both).encode(), *keys, policy=policy)
    assert not accepted(dsse.write(twice).encode(), *keys, policy=policy)
    assert not accepted(dsse.write(both).encode(), public(), public(), policy=policy)
    answer = judge(dsse.write(one).encode(), keys, policy, NOW)
    assert answer.reason == "1 of the trusted keys signed it, and 2 must"


def _with(**more):
    return json.dumps(FORMER | more).encode()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "not a DSSE envelope"),
        (b'{"payload": "e30=", "payload": "e30="}', "a key twice"),
        (b'{"payload": NaN}', "holds NaN"),
        (b'{"payload": 1e999}', "too large"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "nested too deep"),
        (b'{"a": ' + b"9" * 9_999 + b"}", "not JSON"),
        (b" " * (MAX_BYTES + 1), "larger than 32 MiB"),
        (_with(payloadType="text/plain"), "'text/plain'"),
        (_with(signatures=[]), "0 signatures"),
        (_with(signatures=[{"sig": "AA=="}] * 65), "65 signatures"),
        (_with(signatures=["AA=="]), "no signature"),
        (_with(signatures=[{"sig": "AA==", "keyid": 7}]), "key id"),
        (_with(payload="e30"), "not base64"),
        (_with(payload="e30\n="), "not base64"),
        (_with(payload="e31="), "as it must be written"),
        (_with(payload=None), "no payload"),
    ],
)
def test_what_is_no_envelope_is_refused_in_one_sentence(data, word):
    with pytest.raises(ReadError, match=word):
        dsse.read(data)
    assert word in judge(data, (public(),), POLICY, NOW).reason


@given(st.binary(max_size=300))
def test_any_bytes_are_an_object_or_refused(data):
    try:
        assert isinstance(load(data, "It"), dict)
    except ReadError:
        return


def test_both_alphabets_of_base64_are_read():
    data = b"\xfb\xff\xfe" * 3
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        assert dsse.read(_with(payload=code(data).decode())).payload == data


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_openssl_verifies_it(tmp_path, kind):
    made = envelope(key=private("o", kind))
    (tmp_path / "key.pub").write_bytes(pair("o", kind)[1])
    (tmp_path / "signed").write_bytes(dsse.signed_bytes(made.payload))
    (tmp_path / "sig").write_bytes(made.signatures[0].value)
    how = {
        "ed25519": "pkeyutl -verify -pubin -inkey key.pub -rawin -in signed -sigfile sig",
        "p256": "dgst -sha256 -verify key.pub -signature sig signed",
    }[kind]
    done = subprocess.run(["openssl", *how.split()], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pair("p", "p384")[1], "neither an Ed25519"),
        (pair("ours")[0], "is a private key"),
        (b"-----BEGIN CERTIFICATE-----\n", "no public key"),
        (b"", "no public key"),
    ],
)
def test_only_two_kinds_of_public_keys_are_taken(data, word):
    with pytest.raises(UsageError, match=word):
        public_key(data, "key.pub")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pair("p", "p384")[0], "neither an Ed25519"),
        (pair("ours")[1], "no private key"),
        (b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n", "cosign's own way"),
    ],
)
def test_only_two_kinds_of_private_keys_are_taken(data, word):
    with pytest.raises(UsageError, match=word):
        private_key(data, "key.pem", bytes)


def test_signing_without_a_key_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "sigstore", None)
    for name in ("sigstore.dsse", "sigstore.errors"):
        monkeypatch.setitem(sys.modules, name, None)
    for call in (
        lambda: keyless.sign(payload()),
        lambda: keyless.verified(b"{}", "me", "https://x"),
    ):
        with pytest.raises(UsageError) as found:
            call()
        assert "conda-preflight[sigstore]" in found.value.hint
