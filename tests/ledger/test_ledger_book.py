"""What a ledger answers, the same from a file and from a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.record_builder import mark, packages, record

from conda_preflight.errors import ReadError
from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.chain import BEGINNING
from conda_preflight.ledger.events import BROUGHT, CHANGED, FIRST, REMOVED
from conda_preflight.ledger.form import message, received, written
from conda_preflight.ledger.migrations import migrate
from conda_preflight.ledger.store import LedgerError
from conda_preflight.ledger.tables import STEPS

PROJECT = "github.com/org/repo"


def test_a_record_comes_back_as_it_went(url):
    told = record(
        1,
        [mark("numpy", muted="known", ids=("CVE-2024-1", "GHSA-x"), targets=("a100",))],
        [packages(("numpy", "1.26.4"))],
        targets=(("a100", "GO"),),
        unchecked=(("vuln/known", ""),),
        reasons=("1 error",),
        facts={"gpus": None, "good": True, "n": 3, "text": "é\0\ud800"},
        report='{"schema_version": 1}\n',
    )
    with open_ledger(url) as ledger:
        entry = ledger.append(told)
        found = ledger.record(entry.seq)
    assert found.marks == told.marks
    assert found.environments[0].packages == told.environments[0].packages
    assert (found.report, found.targets, found.unchecked) == (
        told.report,
        told.targets,
        told.unchecked,
    )
    assert found.facts == {"gpus": None, "good": True, "n": 3, "text": "é\\x00\\ud800"}
    assert (found.project, found.revision, found.dirty) == (PROJECT, told.revision, False)


def test_a_repeated_record_is_not_doubled(url):
    with open_ledger(url) as ledger:
        first = ledger.append(record(1, [mark("a")]), key="from-a-client")
        again = ledger.append(record(1, [mark("a")]), key="from-a-client")
        assert (first.is_new, again.is_new) == (True, False)
        assert (again.seq, again.digest) == (first.seq, first.digest)
        with pytest.raises(LedgerError, match="says something else"):
            ledger.append(record(2), key="from-a-client")
        assert len(ledger.timeline(PROJECT)) == 1


def test_a_timeline_counts_what_came_and_went(url):
    with open_ledger(url) as ledger:
        ledger.append(record(1, [mark("a"), mark("b")], [packages(("x", "1"), ("y", "1"))]))
        ledger.append(record(2, [mark("b"), mark("c"), mark("d")], [packages(("x", "2"))]))
        ledger.append(record(3, [mark("b", muted="known"), mark("c"), mark("d")]))
        third, second, first = ledger.timeline(PROJECT)
        assert (first.came, first.went, first.moved, first.errors) == (2, 0, 2, 2)
        assert (second.came, second.went, second.moved, second.errors) == (2, 1, 2, 3)
        assert (third.came, third.went, third.errors, third.muted) == (0, 1, 2, 1)
        assert [line.seq for line in ledger.timeline(PROJECT, limit=1, before=3)] == [2]
        assert [line.seq for line in ledger.latest(limit=2)] == [3, 2]
        assert ledger.verify().faults == ()


def test_what_was_not_checked_is_not_gone(url):
    found = [mark("a"), mark("b", "vuln/known"), mark("c", targets=("a100",))]
    with open_ledger(url) as ledger:
        ledger.append(record(1, found, targets=(("a100", "NO_GO"),)))
        ledger.append(record(2, rules=("manifest/wildcard",), whole=False))
        ledger.append(record(3, unchecked=(("vuln/known", "environment.yml"),)))
        *_, second, first = ledger.timeline(PROJECT)
        assert (first.came, second.went) == (3, 0)
        gone = {s.about: s.went for s in ledger.spells(PROJECT, rule="lock/missing")}
        assert gone == {"a": 3, "c": None}
        assert [s.went for s in ledger.spells(PROJECT, rule="vuln/known")] == [None]
        ledger.append(record(4, rules=("lock/missing",), whole=True))
        assert [s.went for s in ledger.spells(PROJECT, rule="vuln/known")] == [4]
        assert ledger.verify().faults == ()


def test_a_file_that_cannot_be_read_keeps_its_packages(url):
    from conda_preflight.ledger.record import ReadFile

    with open_ledger(url) as ledger:
        ledger.append(record(1, (), [packages(("x", "1"))]))
        ledger.append(record(2, files=(ReadFile("conda-lock.yml", "unreadable", "00"),)))
        assert len(ledger.where_is("x")) == 1
        ledger.append(record(3))
        assert ledger.where_is("x") == ()


def test_a_prefix_that_was_not_named_keeps_its_packages(url):
    with open_ledger(url) as ledger:
        ledger.append(record(1, (), [packages(("x", "1"), path="env/"), packages(("x", "1"))]))
        ledger.append(record(2))
        assert [stay.path for stay in ledger.where_is("x")] == ["env/"]
        ledger.append(record(3, (), [packages(("x", "2"), path="env/")]))
        assert [(stay.path, stay.version) for stay in ledger.where_is("x")] == [("env/", "2")]
        assert ledger.verify().faults == ()


def test_a_finding_can_come_again_and_is_found_by_its_beginning(url):
    with open_ledger(url) as ledger:
        for number, some in enumerate(([mark("a")], [], [mark("a")]), 1):
            ledger.append(record(number, some))
        short = mark("a").fingerprint[:8]
        assert [(s.came, s.went) for s in ledger.spells(PROJECT, fingerprint=short)] == [
            (3, None),
            (1, 2),
        ]
        assert ledger.spells("another", fingerprint=short) == ()
        assert len(ledger.spells(None, fingerprint=short)) == 2


def test_what_happened_to_a_package(url):
    versions = ([("x", "1")], [("x", "2"), ("y", "1")], [("x", "2")], [("x", "2"), ("y", "1")])
    with open_ledger(url) as ledger:
        for number, some in enumerate(versions, 1):
            ledger.append(record(number, (), [packages(*some)]))
        told = [(e.seq, e.kind, e.old[0], e.new[0]) for e in ledger.events(PROJECT, "x")]
        assert told == [(2, CHANGED, "1", "2"), (1, FIRST, "", "1")]
        told = [(e.seq, e.kind, e.old[0], e.new[0]) for e in ledger.events(PROJECT, "y")]
        assert told == [(4, BROUGHT, "", "1"), (3, REMOVED, "1", ""), (2, BROUGHT, "", "1")]


def test_where_something_is_by_the_latest_record_of_each_project(url):
    with open_ledger(url) as ledger:
        bad = mark("torch", "vuln/known", ids=("CVE-2024-1", "GHSA-1"))
        for number, name in enumerate("abc", 1):
            some = [packages(("torch", "2.1"))]
            ledger.append(record(number, [bad], some, project=f"host/{name}", name=name))
        ledger.append(record(4, [], [packages(("torch", "2.2"))], project="host/b", name="b"))
        assert [s.project for s in ledger.where_is("torch", "2.1")] == ["host/a", "host/c"]
        assert len(ledger.where_is("torch")) == 3
        assert [s.project for s in ledger.where_found("GHSA-1")] == ["host/a", "host/c"]
        assert ledger.where_found("CVE-0000-0") == ()
        days = ledger.findings_over_time()
        assert [(d.day, d.came, d.went, d.there) for d in days] == [("2026-11-24", 3, 1, 2)]
        known = ledger.projects()
        assert [(k.project, k.records, k.latest.seq) for k in known] == [
            ("host/a", 1, 1),
            ("host/b", 2, 4),
            ("host/c", 1, 3),
        ]
        assert [k.name for k in ledger.projects(after=("host/a", "."), limit=1)] == ["b"]
        assert [k.name for k in ledger.projects("host/c")] == ["c"]


def test_a_project_is_shown_with_its_latest_audit(url):
    with open_ledger(url) as ledger:
        ledger.append(record(1, [mark("a")]))
        ledger.append(record(2, command="lock", rules=(), whole=False))
        assert ledger.projects()[0].latest.command == "audit"
        assert ledger.projects()[0].records == 2


def test_records_are_named_by_number_or_digest(url):
    with open_ledger(url) as ledger:
        entry = ledger.append(record(1))
        assert ledger.number("#1") == ledger.number(entry.digest[:8]) == 1
        assert ledger.head() == entry.digest
        for wrong, why in (
            ("abc", "has no record abc"),
            ("8", "has no record 8"),
            ("f" * 64, "of no record"),
        ):
            with pytest.raises(LedgerError, match=why):
                ledger.number(wrong)
        with pytest.raises(LedgerError, match="no record 7"):
            ledger.record(7)


def test_an_empty_ledger(url):
    with open_ledger(url) as ledger:
        assert ledger.head() == BEGINNING
        assert ledger.verify(BEGINNING).faults == ()
        assert (ledger.timeline(PROJECT), ledger.projects(), ledger.latest()) == ((), (), ())
        assert (ledger.where_is("x"), ledger.findings_over_time()) == ((), ())


def test_a_value_of_another_kind_is_refused_and_nothing_is_kept(url):
    with open_ledger(url) as ledger:
        with pytest.raises(ReadError, match="a text is needed"):
            ledger.append(record(1, user=7))
        assert ledger.latest() == ()


def test_a_newer_ledger_is_refused_in_a_sentence(url):
    with open_ledger(url) as ledger:
        store = ledger._store
        store.run("INSERT INTO step VALUES (?)", (len(STEPS) + 1,))
    with pytest.raises(LedgerError, match="newer conda-preflight"):
        open_ledger(url)


def test_a_step_is_applied_whole_or_not_at_all(url):
    with open_ledger(url) as ledger:
        store = ledger._store
        blob = "BLOB" if url.startswith("sqlite") else "BYTEA"
        broken = (*STEPS, "CREATE TABLE later (n INTEGER); CREATE TABLE later (n INTEGER)")
        with pytest.raises(LedgerError):
            migrate(store, blob=blob, steps=broken)
        assert store.steps() == len(STEPS)
        ledger.append(record(1))
        good = (*STEPS, "CREATE TABLE later (n INTEGER)")
        migrate(store, blob=blob, steps=good)
        assert (store.steps(), store.rows("SELECT * FROM later")) == (len(good), [])
        assert ledger.verify().faults == ()


def test_only_reading_makes_no_ledger(url, tmp_path):
    with pytest.raises(LedgerError, match="There is no ledger at"):
        open_ledger(url, make=False)
    assert list(tmp_path.glob("*")) == []


def test_a_message_is_the_same_record_and_any_change_is_refused():
    told = record(1, [mark("a", ids=("CVE-1",))], [packages(("x", "1"))], report="{}\n")
    text = message(told)
    assert written(received(text)).body == written(told).body
    for wrong in (text.replace("environment.yml", "environment.yaml"), text[:-1], "[]", "{}", "1"):
        with pytest.raises(ReadError):
            received(wrong)


@given(st.text(max_size=80))
def test_any_message(text):
    with pytest.raises(ReadError):
        received(text)
