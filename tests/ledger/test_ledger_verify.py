"""Whatever is changed in what a ledger keeps, ``verify`` finds it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.record_builder import mark, packages, record

from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.chain import link

COLUMNS = ("id", "series", "at", "errors", "came", "moved", "body", "digest")


def filled(url: str) -> None:
    with open_ledger(url) as ledger:
        ledger.append(record(1, [mark("a")], [packages(("x", "1"))]))
        ledger.append(record(2, [mark("b"), mark("c", ids=("CVE-1",))], [packages(("x", "2"))]))
        ledger.append(record(3, [mark("b")], project="host/other", name="other"))
        ledger.append(record(4, [], [packages(("x", "2"))]))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    filled(str(file))
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@given(st.data())
def test_any_byte_of_a_record(original, tmp_path_factory, data):
    file = tmp_path_factory.mktemp("edited") / "ledger.db"
    shutil.copy(original, file)
    seq = data.draw(st.integers(1, 4), label="seq")
    column = data.draw(st.sampled_from(COLUMNS), label="column")
    with sqlite3.connect(file) as connection:
        query = f"SELECT {column} FROM record WHERE seq = ?"  # noqa: S608
        before = connection.execute(query, (seq,)).fetchone()[0]
        raw = bytearray(str(before).encode())
        at = data.draw(st.integers(0, len(raw) - 1), label="byte")
        raw[at] = data.draw(st.integers(32, 126).filter(lambda b: b != raw[at]), label="value")
        text = raw.decode()
        after = int(text) if isinstance(before, int) and text.isdigit() else text
        changed = f"UPDATE record SET {column} = ? WHERE seq = ?"  # noqa: S608
        connection.execute(changed, (after, seq))
    connection.close()
    with open_ledger(str(file)) as ledger:
        assert ledger.verify().faults


@pytest.mark.parametrize("bit", range(8))
def test_a_bit_of_a_packed_content_that_means_nothing(original, tmp_path, bit):
    file = tmp_path / "ledger.db"
    shutil.copy(original, file)
    with open_ledger(str(file)) as ledger:
        store = ledger._store
        ((digest, body),) = store.rows("SELECT digest, body FROM content LIMIT 1")
        for at in range(len(body)):
            raw = bytearray(body)
            raw[at] ^= 1 << bit
            store.run("UPDATE content SET body = ? WHERE digest = ?", (bytes(raw), digest))
            assert ledger.verify().faults


@given(st.data())
def test_any_byte_of_a_content(original, tmp_path_factory, data):
    file = tmp_path_factory.mktemp("edited") / "ledger.db"
    shutil.copy(original, file)
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT digest, body FROM content ORDER BY digest").fetchall()
        digest, body = data.draw(st.sampled_from(rows), label="content")
        raw = bytearray(body)
        at = data.draw(st.integers(0, len(raw) - 1), label="byte")
        raw[at] ^= data.draw(st.integers(1, 255), label="bits")
        changed = "UPDATE content SET body = ? WHERE digest = ?"
        connection.execute(changed, (bytes(raw), digest))
    connection.close()
    with open_ledger(str(file)) as ledger:
        assert ledger.verify().faults


EDITS = {
    "a record is removed": "DELETE FROM record WHERE seq = 2",
    "the first record is removed": "DELETE FROM record WHERE seq = 1",
    "two records change places": (
        "UPDATE record SET seq = 9 WHERE seq = 2; UPDATE record SET seq = 2 WHERE seq = 3;"
        " UPDATE record SET seq = 3 WHERE seq = 9"
    ),
    "a record is put in again": (
        "INSERT INTO record SELECT 5, 'k', series, at, errors, warnings, notes, muted, came, went,"
        " moved, body, digest FROM record WHERE seq = 4"
    ),
    "a content is removed": "DELETE FROM content",
    "a finding is hidden": "DELETE FROM finding WHERE about = 'b'",
    "a finding is made older": "UPDATE finding SET came = 1 WHERE about = 'c'",
    "a finding is called gone": "UPDATE finding SET went = 4 WHERE went IS NULL",
    "a package is changed": "UPDATE package SET version = '3' WHERE version = '2'",
    "a package is added": "INSERT INTO package SELECT * FROM package WHERE version = '1'",
    "an advisory is removed": "DELETE FROM advisory",
    "a day is changed": "UPDATE day SET came = came + 1",
    "a project gets another name": "UPDATE series SET name = 'x'",
    "a project is shown by an older audit": "UPDATE series SET audited = 1 WHERE id = 1",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit(url, edit):
    filled(url)
    with open_ledger(url) as ledger:
        assert ledger.verify().faults == ()
        for statement in edit.split(";"):
            ledger._store.run(statement)
        assert ledger.verify().faults


def test_an_end_that_is_missing_is_found_by_a_head_alone(url):
    filled(url)
    with open_ledger(url) as ledger:
        head, store = ledger.head(), ledger._store
        assert ledger.verify(head).faults == ()
        store.run("DELETE FROM record WHERE seq = 4")
        store.run("UPDATE series SET latest = 2, audited = 2, records = 2 WHERE id = 1")
        store.run("UPDATE series SET at = (SELECT at FROM record WHERE seq = 2) WHERE id = 1")
        store.run("UPDATE finding SET went = NULL WHERE went = 4")
        store.run("UPDATE day SET went = went - 2")
        assert ledger.verify().faults == ()
        assert "records at the end are gone" in ledger.verify(head).faults[0].what


def test_a_chain_that_was_made_anew_is_found_by_a_head(url):
    filled(url)
    with open_ledger(url) as ledger:
        head, store = ledger.head(), ledger._store
        digest = "0" * 64
        for seq, key, body in store.rows("SELECT seq, id, body FROM record ORDER BY seq"):
            changed = body.replace('"user":"jane"', '"user":"john"')
            digest = link(digest, seq, key, changed)
            values = (changed, digest, seq)
            store.run("UPDATE record SET body = ?, digest = ? WHERE seq = ?", values)
        assert ledger.verify().faults == ()
        assert ledger.verify(head).faults


def test_faults_are_bounded(url):
    filled(url)
    with open_ledger(url) as ledger:
        for number in range(5, 130):
            ledger.append(record(number))
        ledger._store.run("UPDATE record SET errors = 9")
        faults = ledger.verify().faults
        assert len(faults) == 101
        assert "more faults" in faults[-1].what


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"project": 1}', "[" * 5000])
def test_a_body_that_is_none(original, tmp_path, body):
    file = tmp_path / "ledger.db"
    shutil.copy(original, file)
    with open_ledger(str(file)) as ledger:
        ledger._store.run("UPDATE record SET body = ? WHERE seq = 2", (body,))
        assert {fault.seq for fault in ledger.verify().faults} >= {2}
