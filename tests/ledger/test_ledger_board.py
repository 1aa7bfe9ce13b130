"""What a dashboard asks, of SQLite and of PostgreSQL alike."""

from __future__ import annotations

import pytest
from tests.ledger.record_builder import mark, packages, record

from conda_preflight.ledger.board import SORTS, position
from conda_preflight.ledger.book import open_ledger

WAIVED = "for a release (until 2026-12-01)"


@pytest.fixture
def board(url):
    with open_ledger(url) as ledger:
        for number, verdict in enumerate(("GO", "NO_GO", "UNKNOWN"), 1):
            named = {"project": f"org/{number}", "name": f"name_{number}", "verdict": verdict}
            marks = [mark("a", ids=("CVE-2026-1",)), mark("b", muted=WAIVED)]
            ledger.append(record(number, marks, [packages(("zlib", f"1.{number}"))], **named))
        fleet = {"project": "cluster", "command": "fleet", "facts": {"driver": "550", "x": None}}
        ledger.append(record(9, subject="node-1", **fleet))
        assert ledger.verify().faults == ()
        yield ledger.board()


@pytest.mark.parametrize(
    ("sort", "order"), [*zip(SORTS, ([2, 3, 1], [1, 2, 3], [3, 2, 1]), strict=True)]
)
def test_pages_in_each_order(board, sort, order):
    seen, after = [], ()
    while page := board.environments(sort=sort, limit=1, after=after):
        seen.append(page[0].id)
        after = position(sort, page[0])
    assert seen == order


def test_filters_and_numbers(board):
    assert board.tally() == {"GO": 1, "NO_GO": 1, "UNKNOWN": 1}
    assert [one.id for one in board.environments(named="NAME_2")] == [2]
    assert board.environments(named="name%") == ()
    assert (board.count(verdict="GO"), board.count(named="org/")) == (1, 3)
    assert board.trends([1])[1][0].errors == 1
    assert board.environment(99) is None


def test_where_things_are(board):
    assert [one.version for one in board.packages("zlib")] == ["1.1", "1.2", "1.3"]
    assert [one.id for one in board.packages("zlib", limit=1, after=1)] == [2]
    assert board.versions("zlib") == (("1.1", 1), ("1.2", 1), ("1.3", 1))
    assert (board.places_of_package("zlib"), board.findings_of_advisory("CVE-2026-1")) == (3, 3)
    assert board.findings_of_rule("lock/missing") == len(board.sightings_of_rule("lock/missing"))
    assert {one.id for one in board.sightings_of_advisory("CVE-2026-1")} == {1, 2, 3}
    assert board.package_names("z") == ("zlib",)
    assert board.rule_names("lock/") == ("lock/missing",)
    assert board.advisory_names("CVE") == ("CVE-2026-1",)


def test_exceptions_and_nodes(board):
    first = board.waivers(limit=1)[0]
    assert (first.until, first.reason, first.findings) == ("2026-12-01", WAIVED, 1)
    assert len(board.waivers(after=(first.until, first.id, first.rule, first.reason))) == 2
    assert (board.expiring("2026-11-30"), board.expiring("2026-12-01")) == (0, 3)
    assert [fleet.name for fleet in board.fleets()] == ["cluster"]
    assert board.nodes("cluster")[0].facts == {"driver": "550", "x": ""}


def test_a_verdict_for_a_part_is_told_as_that(url):
    with open_ledger(url) as ledger:
        ledger.append(record(1, verdict="NO_GO"))
        ledger.append(record(2, project="org/other", name="other"))
        assert [state.whole for state in ledger.board().environments()] == [True, True]
        ledger.append(record(3, verdict="GO", whole=False))
        board = ledger.board()
        states = [(state.seq, state.whole) for state in board.environments(sort="time")]
        assert states == [(3, False), (2, True)]
        last = board.environment(1)
    assert last is not None
    assert not last.whole


def test_environments_that_were_judged_by_targets(url):
    hostile = '"targets":[]'
    with open_ledger(url) as ledger:
        for number, targets in enumerate([(), (("a100", "GO"),), ((hostile, "NO_GO"),)], 1):
            named = {"project": f"org/{number}", "name": f"name_{number}"}
            ledger.append(record(number, targets=targets, **named))
        board = ledger.board()
        found = board.judged()
        assert [one.targets for one in found] == [(("a100", "GO"),), ((hostile, "NO_GO"),)]
        assert board.judged(limit=1) == found[:1]
        assert board.judged(after=(found[0].name, found[0].id)) == found[1:]
        assert board.judged(named="NAME_3") == found[1:]
