"""Filled ledgers of every form that there ever was become one of today, and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from tests.ledger.record_builder import record

from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.tables import STEPS

OLD = sorted((Path(__file__).parent / "old_ledgers").glob("*.sql"))
OPEN = """
import sys
from conda_preflight.ledger.book import open_ledger
with open_ledger(sys.argv[1]) as ledger:
    sys.exit(len(ledger.verify().faults))
"""
RECORDS = "SELECT seq, id, body, digest, series, at, errors, warnings, came, went FROM record"
COMMANDS = ["freeze", "audit", "lock", "audit", "audit"]
_PATIENCE = 60


def filled(sql: Path, file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(sql.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return f"sqlite:///{file}"


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def opening(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", OPEN, url])


def same_as_before(url: str) -> None:
    """What the fixtures hold is told as it was, and a further record fits behind it."""
    with open_ledger(url) as ledger:
        assert ledger.verify().faults == ()
        assert [line.command for line in ledger.latest()] == COMMANDS
        kept = ledger.record(2).environments[0].packages
        assert [each.name for each in kept] == ["zlib", "numpy"]
        assert ledger.record(4).report == '{"a": 1}'
        assert [stay.version for stay in ledger.where_is("zlib")] == ["1.3"]
        assert [spell.rule for spell in ledger.where_found("CVE-2026-1")] == ["vuln/known"]
        states = {state.name: state.verdict for state in ledger.board().environments()}
        assert states == {"repo": "NO_GO", "ünder": "GO", "env": ""}
        assert len(ledger.board().waivers()) == 2
        assert ledger.append(record(9)).seq == 6
        assert ledger.verify().faults == ()


@pytest.mark.parametrize("sql", OLD, ids=lambda sql: sql.stem)
def test_an_old_ledger_is_whole_after_it_was_opened(sql, tmp_path):
    file = tmp_path / "ledger.db"
    url = filled(sql, file)
    before = rows(file, RECORDS)
    open_ledger(url).close()
    assert rows(file, RECORDS) == before
    assert rows(file, "SELECT max(number) FROM step") == [(len(STEPS),)]
    same_as_before(url)


@pytest.mark.parametrize("sql", OLD, ids=lambda sql: sql.stem)
def test_an_old_ledger_has_the_tables_and_indexes_of_a_new_one(sql, tmp_path):
    open_ledger(filled(sql, tmp_path / "old.db")).close()
    open_ledger(f"sqlite:///{tmp_path / 'new.db'}").close()
    query = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
    assert rows(tmp_path / "old.db", query) == rows(tmp_path / "new.db", query)


def test_processes_that_open_an_old_ledger_at_once(tmp_path):
    url = filled(OLD[1], tmp_path / "ledger.db")
    ends = [process.wait(_PATIENCE) for process in [opening(url) for _ in range(3)]]
    assert ends == [0, 0, 0]
    same_as_before(url)


def crowded(file: Path) -> str:
    """An old ledger whose migration takes a while, by contents that no record names any more."""
    url = filled(Path(__file__).parent / "old_ledgers" / "two-steps-bare-contents.sql", file)
    texts = [b"[%d]" % number for number in range(60_000)]
    with closing(sqlite3.connect(file)) as connection:
        many = [(sha256(text).hexdigest(), zlib.compress(text)) for text in texts]
        connection.executemany("INSERT OR IGNORE INTO content VALUES (?, ?)", many)
        connection.commit()
    return url


def is_written(file: Path) -> bool:
    """Whether somebody is within a transaction of the only writer."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
    return False


@pytest.mark.slow
def test_a_kill_in_the_middle_of_a_migration_is_harmless(tmp_path):
    file = tmp_path / "ledger.db"
    url = crowded(file)
    before = rows(file, RECORDS)
    unfinished = 0
    for pause in (0.0, 0.05, 0.1, 0.2, 0.3):
        process = opening(url)
        while not is_written(file) and process.poll() is None:
            time.sleep(0.002)
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        steps = rows(file, "SELECT max(number) FROM step")[0][0]
        unfinished += steps == 2
        assert steps in (2, len(STEPS))
        assert rows(file, RECORDS) == before
    assert unfinished > 0
    same_as_before(url)


@pytest.mark.slow
@pytest.mark.parametrize("sql", OLD, ids=lambda sql: sql.stem)
def test_an_old_ledger_on_a_server(sql, server):
    import psycopg

    name = re.sub(r"\W", "_", f"old_{sql.stem}")
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    text = sql.read_text(encoding="utf-8").partition("\n")[2]
    text = text.replace("BLOB", "BYTEA").replace("BEGIN TRANSACTION;", "")
    text = re.sub(r"X'([0-9A-F]*)'", r"'\\x\1'", text).replace("COMMIT;", "")
    with psycopg.connect(server.format(name), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA conda_preflight; SET search_path = conda_preflight")
        connection.execute(text)
    ends = [process.wait(_PATIENCE) for process in [opening(server.format(name)) for _ in range(2)]]
    assert ends == [0, 0]
    same_as_before(server.format(name))
