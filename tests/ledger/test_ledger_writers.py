"""Two writers at once, killed at any moment: what was acknowledged is there, nothing is half."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conda_preflight.ledger.book import open_ledger

TOP = Path(__file__).parents[2]
PROGRAM = "tests.ledger.record_builder"


class Writer:
    """A process that appends numbered records, and what it was told is kept."""

    def __init__(self, url: str, name: str, wanted: int) -> None:
        self.url, self.name, self.wanted = url, name, wanted
        self.kept: dict[int, tuple[int, str]] = {}
        self.kills = 0

    def start(self) -> None:
        first = max(self.kept, default=0) + 1
        words = (self.url, self.name, str(first), str(self.wanted - first + 1))
        self.process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *words], cwd=TOP, stdout=subprocess.PIPE
        )

    def listen(self, lines: int, pause: float) -> None:
        """Hear so many records acknowledged, wait a moment, kill, and hear what was said before."""
        out = self.process.stdout
        heard = [line for _, line in zip(range(lines), out, strict=False)]
        time.sleep(pause)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1
        for line in (*heard, *out):
            if line.endswith(b"\n"):
                number, seq, digest = line.decode().split()
                self.kept[int(number)] = (int(seq), digest)
        self.process.wait(timeout=60)
        out.close()

    @property
    def is_done(self) -> bool:
        return len(self.kept) >= self.wanted


def run(url: str, wanted: int, seed: int) -> list[Writer]:
    """Two writers, killed and begun again at random until each has had all its records kept."""
    rng = random.Random(seed)  # noqa: S311
    writers = [Writer(url, name, wanted // 2) for name in ("one", "two")]
    open_ledger(url).close()
    while left := [writer for writer in writers if not writer.is_done]:
        for writer in left:
            writer.start()
        most = max(wanted // 20, 12)
        threads = [
            threading.Thread(target=w.listen, args=(rng.randint(1, most), rng.uniform(0, 0.01)))
            for w in left
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    return writers


def check(url: str, wanted: int) -> None:
    writers = run(url, wanted, seed=7)
    assert sum(writer.kills for writer in writers) > 2
    with open_ledger(url) as ledger:
        found = ledger.verify(ledger.head())
        assert found.faults == ()
        lines = {line.seq: line for line in ledger.latest(limit=wanted * 2)}
        for writer in writers:
            assert sorted(writer.kept) == list(range(1, wanted // 2 + 1))
            for number, (seq, digest) in writer.kept.items():
                assert lines[seq].digest == digest
                assert ledger.record(seq).revision == f"{number:040x}"
    assert found.records == wanted  # a record that was kept unheard is not doubled by its key


def test_two_writers_and_kill_9(url):
    check(url, 60)


@pytest.mark.slow
def test_two_writers_and_kill_9_for_a_thousand_records(url):
    check(url, 1000)


def test_many_processes_begin_one_ledger_at_once(url):
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", PROGRAM, url, f"w{n}", "1", "3"],
            cwd=TOP,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for n in range(4)
    ]
    for program in programs:
        _, errors = program.communicate(timeout=120)
        assert program.returncode == 0, errors.decode()
    with open_ledger(url) as ledger:
        assert (ledger.verify().records, ledger.verify().faults) == (12, ())
