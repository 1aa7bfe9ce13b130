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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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


IN_A_HURRY = """
import sys
from conda_preflight.admission.gate import Gate
from conda_preflight.admission.listening import Listening, run
from conda_preflight.cli.admission import _decider
config, certificate, key, port = sys.argv[1:]
app = Gate(_decider(config), seconds=1.5).app()
run(app, Listening("127.0.0.1", int(port), certificate, key), again=0.1)
"""
"""A gate that looks at its certificate ten times a second, and waits for little."""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running(folder, words, port):
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *words], stderr=log)
    try:
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM), (folder / "log").read_text()


def serving(folder, *more):
    """The command as a cluster runs it."""
    file, port = settings(folder / "settings"), free_port()
    certificate(folder, 1)
    words = ["-m", "conda_preflight", "admission", "serve", "--config", file, *more]
    words += ["--cert", folder / "tls.crt", "--key", folder / "tls.key"]
    return file, port, running(folder, [*words, "--bind", f"127.0.0.1:{port}"], port)


@pytest.fixture
def gate(tmp_path):
    file, port, process = serving(tmp_path)
    with process:
        yield file, f"https://127.0.0.1:{port}"


@pytest.fixture
def hurried(tmp_path):
    file, port = settings(tmp_path / "settings"), free_port()
    certificate(tmp_path, 1)
    words = ["-c", IN_A_HURRY, file, tmp_path / "tls.crt", tmp_path / "tls.key", str(port)]
    with running(tmp_path, words, port):
        yield file, f"https://127.0.0.1:{port}"


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


def test_a_gate_that_only_warns_allows_and_says_why(tmp_path):
    file, port, process = serving(tmp_path, "--warn-only")
    with process:
        status, data = asked((file, f"https://127.0.0.1:{port}"), review(pod()))
    response = json.loads(data)["response"]
    assert (status, response["allowed"], "status" in response) == (200, True, False)
    assert any("There is no signed verdict" in each for each in response["warnings"])
    assert "would-refuse" in response["auditAnnotations"]


def shown(port):
    """The number of the certificate that a new connection is shown."""
    plain = ssl.create_default_context()
    plain.check_hostname, plain.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as raw, plain.wrap_socket(raw) as made:
        return x509.load_der_x509_certificate(made.getpeercert(binary_form=True)).serial_number


def until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_a_renewed_certificate_is_shown_without_a_restart(hurried):
    folder, port = hurried[0].parent.parent, int(hurried[1].rpartition(":")[2])
    log = folder / "log"
    assert shown(port) == 1
    whole = (folder / "tls.key").read_bytes()
    (folder / "tls.key").write_bytes(b"half of a key")
    until(lambda: "is not used" in log.read_text())
    assert shown(port) == 1
    assert asked(hurried, review(pod()))[0] == 200
    (folder / "tls.key").write_bytes(whole)
    until(lambda: "is loaded" in log.read_text())
    old, refusals = (folder / "tls.key").read_bytes(), log.read_text().count("is not used")
    certificate(folder, 2)
    new = (folder / "tls.key").read_bytes()
    (folder / "tls.key").write_bytes(old)  # the files of a pair are seldom written at once
    until(lambda: log.read_text().count("is not used") > refusals)
    assert shown(port) == 1
    (folder / "tls.key").write_bytes(new)
    until(lambda: shown(port) == 2)
    assert asked(hurried, review(pod()))[0] == 200


@pytest.mark.slow
def test_a_body_that_comes_slowly_is_given_up_and_others_are_answered(hurried):
    port = int(hurried[1].rpartition(":")[2])
    context = ssl.create_default_context(cafile=str(hurried[0].parent.parent / "tls.crt"))
    head = b"POST /validate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n{"
    slow = []
    for _ in range(40):
        raw = socket.create_connection(("127.0.0.1", port), 20)
        slow.append(context.wrap_socket(raw, server_hostname="127.0.0.1"))
        slow[-1].sendall(head)
    assert asked(hurried, review(pod()))[0] == 200
    for each in slow:
        with each:
            assert b" 408 " in each.recv(4096)
    assert asked(hurried, review(pod()))[0] == 200


@pytest.mark.slow
def test_many_questions_at_once_are_each_answered(hurried):
    keep(hurried[0], verdict())
    other = pod(image="registry.example.org/nlp/chat:latest")
    bodies = [
        review(other if number % 2 else pod(), uid=f"number-{number}") for number in range(120)
    ]
    with ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda body: asked(hurried, body), bodies))
    assert {status for status, _ in found} == {200}
    told = [json.loads(data)["response"] for _, data in found]
    assert [each["uid"] for each in told] == [f"number-{number}" for number in range(120)]
    assert [each["allowed"] for each in told] == [number % 2 == 0 for number in range(120)]
