"""Reports that are sent: who may, what is refused, and that each is there once."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from pathlib import Path

import pytest
from tests.web.conftest import serving

from conda_preflight.cli import run
from conda_preflight.cli.posting import VARIABLE
from conda_preflight.errors import UsageError
from conda_preflight.ledger.book import open_ledger
from conda_preflight.web import openapi, sending
from conda_preflight.web.receiving import SCHEMA
from conda_preflight.web.sending import SendError, address, send
from conda_preflight.web.site import Site

FINDING = {
    "rule": "lock/missing",
    "severity": "warning",
    "message": "There is no lock",
    "about": "environment.yml",
    "path": "environment.yml",
    "line": 3,
    "column": 1,
    "length": 4,
    "fix": "Lock it.",
    "muted": None,
    "fingerprint": "ab" * 16,
    "excerpt": "name: x",
}
REPORT = {
    "schema_version": 1,
    "verdict": "GO",
    "reasons": [],
    "subject": "repo",
    "version": "0.1.0",
    "fail_on": "error",
    "findings": [FINDING],
    "outcomes": [
        {
            "rule": "lock/missing",
            "status": "failed",
            "subject": "environment.yml",
            "reason": "",
            "findings": [0],
        }
    ],
    "inputs": [],
    "rules": [],
}


def sent(**more):
    told = {"schema": SCHEMA, "project": "github.com/org/repo", "at": "2026-11-24T10:00:00Z"}
    return {**told, "report": REPORT, **more}


def records(guarded):
    with open_ledger(guarded.url) as ledger:
        assert ledger.verify().faults == ()
        return ledger.latest()


def test_a_report_is_kept_with_its_packages(guarded):
    package = {"manager": "conda", "name": "zlib", "version": "1.3"}
    places = [{"path": "conda-lock.yml", "platform": "linux-64", "packages": [package]}]
    answer = guarded.send(sent(environments=places, revision="abc", whole=True))
    assert (answer.status, answer.headers["Location"]) == (201, "/api/records/1")
    with open_ledger(guarded.url) as ledger:
        kept = ledger.record(1)
        assert [one.project for one in ledger.where_is("zlib")] == ["github.com/org/repo"]
    assert (kept.name, kept.revision, kept.whole, kept.verdict) == ("repo", "abc", True, "GO")
    assert (kept.marks[0].excerpt, kept.marks[0].fix) == ("name: x", "Lock it.")


def test_the_same_report_is_there_once(guarded):
    answers = [guarded.send(sent()) for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 200, 200]
    assert {answer.json["digest"] for answer in answers} == {records(guarded)[0].digest}
    assert guarded.send(sent(at="2026-11-24T10:00:01Z")).status == 201
    assert len(records(guarded)) == 2


def test_another_record_of_the_same_key_is_a_conflict(guarded):
    assert guarded.send(sent()).status == 201
    assert guarded.send(sent(user="somebody")).status == 409


def test_who_may_send(guarded):
    assert guarded.send(sent(), "none").status == 401
    assert guarded.send(sent(), guarded.read).status == 403
    assert guarded.send(sent(project="github.com/other/repo")).status == 403
    ambient = {"Authorization": "", "Cookie": f"token={guarded.post}"}
    assert guarded.send(sent(), **ambient).status == 401
    basic = b64encode(f"x:{guarded.post}".encode()).decode()
    assert guarded.send(sent(), Authorization=f"Basic {basic}").status == 401
    assert records(guarded) == ()


def test_who_may_read(guarded):
    client, basic = guarded.client, b64encode(f"me:{guarded.read}".encode()).decode()
    refused = client.ask("/")
    assert (refused.status, "Basic" in refused.headers["WWW-Authenticate"]) == (401, True)
    assert client.ask("/api/environments").json["status"] == 401
    assert client.ask("/api/environments", Authorization=f"Bearer {guarded.read}").status == 200
    assert "Signed in as <bdi>reader" in client.ask("/", Authorization=f"Basic {basic}").text
    assert client.ask("/", Authorization=f"Bearer {guarded.post}").status == 403
    assert client.ask("/", Authorization="Basic %%%").status == 401
    assert client.ask("/healthz").status == 200


def test_a_token_that_was_revoked(guarded, tmp_path):
    assert run(["serve", "token", "revoke", "ci", f"--token-file={tmp_path}/tokens.json"]) == 0
    assert guarded.send(sent()).status == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"schema": NaN}', 400),
        (b"[" * 50_000, 400),
        (b"9" * 5_000, 400),
        (b"[]", 422),
        (b'"x"', 422),
        ({}, 422),
        (sent(schema="other"), 422),
        (sent(report={}), 422),
        (sent(report={**REPORT, "schema_version": 2}), 422),
        (sent(report={**REPORT, "findings": [{**FINDING, "line": -1}]}), 422),
        (sent(report={**REPORT, "fail_on": "warning"}), 422),
        (sent(report={**REPORT, "outcomes": []}), 422),
        (sent(project=""), 422),
        (sent(project=1), 422),
        (sent(project="x" * 600), 422),
        (sent(at="yesterday"), 422),
        (sent(at="2026-13-41T10:00:00Z"), 422),
        (sent(at="9999-01-01T10:00:00Z"), 422),
        (sent(dirty="no"), 422),
        (sent(environments=[1]), 422),
        (sent(environments=[{"packages": [{"name": 1}]}]), 422),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_report(guarded, body, status):
    answer = guarded.send(body)
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert records(guarded) == ()


def test_hostile_texts_are_kept_as_texts(guarded):
    name = "\x00\ud800\u202e<script>"
    assert guarded.send(sent(name=name, user=name, host=name)).status == 201
    page = guarded.client.ask("/environments/1", Authorization=f"Bearer {guarded.read}")
    assert page.status == 200
    assert "<script>" not in page.text.replace('<script src="', "")


def test_what_is_not_json_or_too_long(guarded):
    assert guarded.send(sent(), **{"Content-Type": "text/plain"}).status == 415
    assert guarded.send(sent(), **{"Content-Encoding": "gzip"}).status == 415
    assert guarded.send(b" " * 200_001).status == 413
    parts = (b" " * 50_000 for _ in range(5))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {guarded.post}"}
    assert guarded.client.ask("/api/reports", "POST", parts, **headers).status == 413


def test_a_body_that_does_not_come(guarded):
    head = (
        f"POST /api/reports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {guarded.post}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", guarded.client.port), 10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 408")


def test_a_head_that_does_not_come_or_is_too_long(guarded, monkeypatch):
    monkeypatch.setattr("conda_preflight.web.serving.HEAD_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", guarded.client.port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert connection.recv(4096) == b""
    with socket.create_connection(("127.0.0.1", guarded.client.port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(("proxy", "status"), [("127.0.0.0/8", 200), ("10.0.0.0/8", 401)])
def test_the_header_of_a_proxy_counts_from_its_address_alone(tmp_path, proxy, status):
    from conda_preflight.cli.serve import _door

    site = Site(str(tmp_path / "ledger.db"), _door("", "X-Forwarded-User", (proxy,)))
    with serving(site) as client:
        assert client.ask("/", X_Forwarded_User="jane").status == status
        assert client.ask("/").status == 401
        post = {"Content-Type": "application/json", "X-Forwarded-User": "jane"}
        assert client.ask("/api/reports", "POST", json.dumps(sent()), **post).status == 401


def test_the_schema_of_a_report_takes_what_is_sent():
    import jsonschema

    schema = openapi.document()["components"]["schemas"]["Report"]
    jsonschema.Draft202012Validator(schema).validate(sent())


def project(folder: Path) -> Path:
    folder.mkdir()
    text = "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"
    (folder / "environment.yml").write_text(text)
    return folder


def test_audit_posts(guarded, tmp_path, monkeypatch, capsys):
    url = f"http://127.0.0.1:{guarded.client.port}"
    monkeypatch.setenv(VARIABLE, guarded.post)
    code = run(["audit", str(project(tmp_path / "repo")), "--post", url])
    told = capsys.readouterr()
    assert "403, This token is for other projects" in told.err
    assert guarded.post not in told.out + told.err
    with_code = run(["audit", str(tmp_path / "repo"), "--post", url, "--post-required"])
    assert (code, with_code) == (1, 2)
    monkeypatch.setattr("conda_preflight.identity.host", lambda: "github.com/org/x")
    assert run(["audit", str(tmp_path / "repo"), "--post", url]) == 1
    assert "The report is record 1 there." in capsys.readouterr().err
    assert records(guarded)[0].project.startswith("github.com/org/x")


def test_audit_posts_only_with_a_token_over_the_network(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(VARIABLE, raising=False)
    where = str(project(tmp_path / "repo"))
    assert run(["audit", where, "--post", "http://localhost"]) == 2
    assert VARIABLE in capsys.readouterr().err
    monkeypatch.setenv(VARIABLE, "x")
    assert run(["audit", where, "--post", "http://localhost", "--offline"]) == 2
    assert run(["audit", where, "--post-required"]) == 2


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://example.org", "https://u:p@example.org"])
def test_addresses_that_are_refused(url):
    with pytest.raises(UsageError):
        address(url)


def test_an_address():
    assert address("https://board.example/team/") == "https://board.example/team/api/reports"
    assert address("https://board.example/api/reports") == "https://board.example/api/reports"


def test_sending_ends_after_some_tries():
    waits: list[float] = []
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/api/reports"
    with pytest.raises(SendError, match="was not taken"):
        send(url, "x", b"{}", pause=waits.append)
    assert len(waits) == sending.TRIES - 1


def test_a_redirect_is_not_followed():
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/other")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/api/reports"
        with pytest.raises(SendError, match="307"):
            send(url, "x", b"{}", pause=time.sleep)
        server.shutdown()
        thread.join()
    assert asked == ["/api/reports"]
