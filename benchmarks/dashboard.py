"""What the pages of the dashboard cost with 10,000 environments and 1,000,000 findings.

    python -m benchmarks.dashboard [LEDGER]

Fills the ledger where it is empty (minutes), starts `serve` over it, asks for each page and each
question of the API some times, and prints the processor's seconds of the server for one. LEDGER is
a file or the URL of a PostgreSQL database.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.ledger import FINDINGS, FLEET, RULES, audit, mark
from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.record import Record

NODES, RUNS = 256, 20
VERDICTS = ("GO", "GO", "NO_GO", "GO", "UNKNOWN")
PAGES = (
    "/",
    "/?sort=name&named=project-05",
    "/?sort=time&verdict=NO_GO",
    "/environments/5000",
    "/environments/5000/packages",
    "/environments/5000/why?package=package-7",
    "/environments/5000/sizes",
    "/environments/5000/history",
    "/records/5000",
    "/compare?old=4000&new=5000",
    "/nodes",
    "/targets",
    "/targets?named=project-0777",
    "/waivers",
    "/api/environments?limit=500",
    "/api/records/5000/findings?limit=500",
    "/api/findings-over-time",
    "/api/waivers?limit=500",
)
SEARCHES = (
    "/search?q=package-7",
    "/search?q=package-7&after=9000",
    "/search?q=package",
    "/search?q=CVE-2026-10",
    f"/search?q={RULES[7]}",
    "/search?q=project-0777",
    "/search?q=nothing-like-it",
    "/api/search?q=package-7%3D7.0",
)
ASKED = (PAGES, SEARCHES)


def records() -> Iterator[Record]:
    """Environments of which each hundredth has an exception that ends, and nodes of a fleet."""
    excused = replace(mark(FINDINGS + 1), muted="accepted for a release (until 2026-12-20)")
    for number in range(FLEET):
        one = audit(number, 0, FINDINGS)
        marks = (*one.marks, excused) if number % 100 == 0 else one.marks
        yield replace(one, verdict=VERDICTS[number % len(VERDICTS)], marks=marks)
    for number in range(NODES):
        facts = {f"variable.NAME_{n}": "1" for n in range(60)} | {"driver": "550.54"}
        facts |= {"driver": "535.54"} if number % 50 == 0 else {"glibc": "2.35"}
        one = audit(number, 0, 2)
        named = {"project": "ray:cluster", "name": "cluster", "subject": f"node-{number:03}"}
        yield replace(one, command="fleet", facts=facts, **named)


def fill(url: str) -> None:
    with open_ledger(url) as ledger:
        if ledger.board().tally():
            return
        if "://" not in url:
            ledger._store.run("PRAGMA synchronous = OFF")  # noqa: SLF001  (only while it is filled)
        for record in records():
            ledger.append(record)
        if "://" in url:
            ledger._store.run("ANALYZE")  # noqa: SLF001  (the server does it by itself, later)


def seconds(process: int) -> float:
    """The processor's seconds that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return len(answer.read())


def wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return


def measure(process: int, port: int, path: str) -> float:
    size = ask(port, path)
    before, begun = seconds(process), time.perf_counter()
    for _ in range(RUNS):
        ask(port, path)
    spent = (seconds(process) - before) / RUNS
    waited = (time.perf_counter() - begun) / RUNS
    print(f"  {path:42} {spent * 1e3:7.1f} ms  waited {waited * 1e3:7.1f} ms  {size:9,} bytes")
    return spent


def main() -> None:
    with tempfile.TemporaryDirectory() as usual:
        url = sys.argv[1] if len(sys.argv) > 1 else str(Path(usual, "board.db"))
        fill(url)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = [sys.executable, "-m", "conda_preflight", "serve", "--ledger", url]
        with subprocess.Popen([*words, "--port", str(port)]) as server:
            try:
                wait(port)
                worst = [max(measure(server.pid, port, p) for p in some) for some in ASKED]
            finally:
                server.terminate()
        print(f"the dearest page {worst[0] * 1e3:.0f} ms, search {worst[1] * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
