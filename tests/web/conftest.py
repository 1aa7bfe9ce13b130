"""A dashboard that listens on loopback, over a ledger with hostile names in it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra serve is not installed")

from tests.ledger.record_builder import mark, packages, record

from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.record import Environment, Links
from conda_preflight.web.serving import server
from conda_preflight.web.site import Site, application
from conda_preflight.web.tokens import TokenFile, create
from conda_preflight.web.visitors import Door

HOSTILE = "<script>alert(1)</script>\"'&\u202e"
WAIVED = "accepted for a release (until 2026-12-01)"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    port: int

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def serving(site: Site) -> Iterator[Client]:
    running = server(application(site), "127.0.0.1", 0)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Client(running.servers[0].sockets[0].getsockname()[1])
    finally:
        running.should_exit = True
        thread.join()


def linked(kept: Environment) -> Environment:
    """The second package is needed by the first one, for which a line asks."""
    asked = ((0, "app >=1", "environment.yml:4"),)
    return replace(kept, platform="osx-arm64", links=Links((0, 12_300_000), ((1,), ()), asked))


def fill(url: str) -> None:
    """Two audits of one project, one of a hostile one, and three nodes of a fleet."""
    vulnerable = mark("zlib", "vuln/known", ids=("CVE-2026-1",), excerpt="  - zlib=1.2", column=5)
    vulnerable = replace(vulnerable, length=4, fix="Take 1.3.1.", severity="warning")
    waived = mark("old", "lock/missing", muted=WAIVED)
    hostile = mark(HOSTILE, path=HOSTILE, excerpt=HOSTILE, message=HOSTILE, fix=HOSTILE)
    with open_ledger(url) as ledger:
        ledger.append(record(1, [mark("a")], [packages(("zlib", "1.2"), ("numpy", "2.0"))]))
        marks = [vulnerable, waived, mark("b")]
        targets = (("a100", "NO_GO"), ("l4", "UNKNOWN"))
        kept = [packages(("zlib", "1.3")), linked(packages(("app", "1"), ("scipy", "2.0")))]
        ledger.append(record(2, marks, kept, verdict="NO_GO", targets=targets))
        names = {"project": HOSTILE, "name": HOSTILE, "user": HOSTILE, "host": HOSTILE}
        bad = packages((HOSTILE, HOSTILE), path=HOSTILE)
        bad = replace(bad, links=Links((), ((0,),), ((0, HOSTILE, HOSTILE),)))
        names["targets"] = ((HOSTILE, "GO"), ("a100", HOSTILE))
        ledger.append(record(3, [hostile], [bad], **names, reasons=(HOSTILE,)))
        for number, driver in enumerate(("550.1", "550.1", "535.2")):
            named = {"project": "ray:cluster", "name": "cluster", "subject": f"node-{number}"}
            facts = {"driver": driver, "glibc": "2.35", "status": "reached"}
            ledger.append(record(4, command="fleet", facts=facts, **named))
        named["subject"] = HOSTILE
        facts = {"status": "timed out", "reason": HOSTILE}
        ledger.append(record(5, command="fleet", facts=facts, **named, verdict="UNKNOWN"))


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An open dashboard that only reads."""
    url = f"sqlite:///{tmp_path_factory.mktemp('board') / 'ledger.db'}"
    fill(url)
    with serving(Site(url, Door(), ("127.0.0.1", "localhost"))) as client:
        yield client


@dataclass
class Guarded:
    """A dashboard with tokens."""

    client: Client
    url: str
    read: str
    post: str

    def send(self, body: Any, token: str = "", **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.post}"}
        return self.client.ask("/api/reports", "POST", data, **sent | headers)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    file, url = tmp_path / "tokens.json", f"sqlite:///{tmp_path / 'ledger.db'}"
    read = create(file, "reader", "read", ())
    post = create(file, "ci", "post", ("github.com/org/*",))
    site = Site(url, Door(TokenFile(file)), max_body=200_000, body_seconds=0.5)
    with serving(site) as client:
        yield Guarded(client, url, read, post)
