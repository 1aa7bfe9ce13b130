"""Many reports at once, and a server that is killed meanwhile: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from tests.web.test_web_posts import sent

from conda_preflight.ledger.book import open_ledger
from conda_preflight.web.sending import SendError, send
from conda_preflight.web.tokens import create


class Server:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process = None

    def start(self):
        words = ["serve", "--port", str(self.port), "--ledger", str(self.folder / "ledger.db")]
        words += ["--token-file", str(self.folder / "tokens.json")]
        command = [sys.executable, "-m", "conda_preflight", *words]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def deliver(url, token, number):
    """Send until it is taken, as often as a patient client does."""
    at = f"2026-11-24T10:{number // 60:02}:{number % 60:02}Z"
    body = json.dumps(sent(at=at, project=f"github.com/org/{number}")).encode()
    for _ in range(20):
        with suppress(SendError):
            return send(url, token, body, pause=lambda _: time.sleep(0.3))
    return None


def tried(folder, reports, kills):
    token = create(folder / "tokens.json", "ci", "post", ("github.com/org/*",))
    server = Server(folder)
    server.start()
    url = f"http://127.0.0.1:{server.port}/api/reports"
    try:
        with ThreadPoolExecutor(reports) as pool:
            answers = [pool.submit(deliver, url, token, n) for n in range(reports)]
            for _ in range(kills):
                wanted = sum(answer.done() for answer in answers) + reports // (kills + 2)
                while sum(answer.done() for answer in answers) < min(wanted, reports - 1):
                    time.sleep(0.01)
                server.kill()
                server.start()
            taken = [answer.result() for answer in answers]
    finally:
        server.kill()
    with open_ledger(str(folder / "ledger.db")) as ledger:
        assert ledger.verify().faults == ()
        lines = ledger.latest(limit=reports + 1)
    assert all(taken)
    assert sorted(line.seq for line in lines) == sorted(each.seq for each in taken)
    assert len({line.project for line in lines}) == len(lines) == reports


def test_some_reports_and_a_killed_server(tmp_path):
    tried(tmp_path, 24, 1)


@pytest.mark.slow
def test_two_hundred_reports_and_a_server_killed_three_times(tmp_path):
    tried(tmp_path, 200, 3)
