"""The gate as an API server meets it: HTTPS, reviews in, answers out."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.admission.gates import keep, pod, review, settings, verdict
from tests.attesting.signed import private_pem


def certificate(folder, serial):
    """A certificate for 127.0.0.1 and its key, in the files ``tls.crt`` and ``tls.key``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gate")])
    now = datetime.now(UTC)
    own = x509.IPAddress(ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([own]), critical=False)
        .sign(key, hashes.SHA256())
    )
    from cryptography.hazmat.primitives.serialization import Encoding

    (folder / "tls.key").write_bytes(private_pem(key))
    (folder / "tls.crt").write_bytes(built.public_bytes(Encoding.PEM))


@pytest.fixture
def gate(tmp_path):
    file = settings(tmp_path / "settings")
    certificate(tmp_path, 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "conda_preflight", "admission", "serve"]
    words += ["--config", file, "--cert", tmp_path / "tls.crt", "--key", tmp_path / "tls.key"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*words, "--bind", f"127.0.0.1:{port}"], stderr=log)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.05)
        yield file, f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM), (tmp_path / "log").read_text()


def asked(gate, data, path="/validate"):
    file, url = gate
    context = ssl.create_default_context(cafile=str(file.parent.parent / "tls.crt"))
    try:
        with urllib.request.urlopen(  # noqa: S310
            urllib.request.Request(url + path, data),  # noqa: S310
            context=context,
            timeout=20,
        ) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_gate_answers_over_https(gate):
    status, data = asked(gate, review(pod()))
    response = json.loads(data)["response"]
    assert (status, response["uid"], response["allowed"]) == (200, "1-2-3", False)
    assert response["status"]["message"].endswith("There is no signed verdict about it.")
    keep(gate[0], verdict())
    assert json.loads(asked(gate, review(pod()))[1])["response"]["allowed"]
    assert asked(gate, b"{")[0] == 400
    assert asked(gate, b" " * (9 << 20))[0] == 400
    assert asked(gate, None)[0] == 405
    assert asked(gate, None, "/healthz") == (200, b"ok\n")
