"""Not checked is never passed."""

from __future__ import annotations

import pytest

from conda_preflight.coverage import SILENT, Count, Gap, coverage, settled
from conda_preflight.families import FAMILIES, in_order, named
from conda_preflight.report import Outcome, Report, Rule, Severity, Status, Verdict

P, F, S, C = Status.PASSED, Status.FAILED, Status.SKIPPED, Status.CRASHED


def of(*outcomes: Outcome, rules: tuple[Rule, ...] = ()) -> Report:
    return Report(Verdict.UNKNOWN, (), rules, outcomes, ())


@pytest.mark.parametrize(
    ("statuses", "count"),
    [
        ((P, P), Count(passed=1)),
        ((P, S), Count(skipped=1)),
        ((S, F), Count(failed=1)),
        ((F, C, P), Count(crashed=1)),
        ((S,), Count(skipped=1)),
    ],
)
def test_a_check_counts_under_the_worst(statuses, count):
    report = of(*(Outcome("lock/a", str(n), status) for n, status in enumerate(statuses)))
    assert coverage(report).count == count
    assert count.selected == 1


def test_a_rule_without_outcome_is_not_checked():
    report = of(rules=(Rule("lock/a", Severity.ERROR, "", "", ()),))
    assert settled(report)[0].reason == SILENT
    assert coverage(report).skipped[0].family.name == "lock"


def test_reasons_are_the_most_frequent_first():
    report = of(
        Outcome("lock/a", "", S, reason="rare"),
        Outcome("lock/b", "", S, reason="no Lock"),
        Outcome("lock/c", "x", S, reason="no Lock"),
        Outcome("lock/c", "y", S, reason="no Lock"),
        Outcome("lock/d", "y", S),
    )
    assert coverage(report).phases[0].gaps == (
        Gap("no Lock", ("lock/b", "lock/c")),
        Gap("no reason was given", ("lock/d",)),
        Gap("rare", ("lock/a",)),
    )


def test_order_of_families():
    names = [family.name for family in in_order(["zeta", "policy", "input", "alpha", "lock"])]
    assert names == ["input", "lock", "policy", "alpha", "zeta"]
    assert named("zeta").title == "zeta"
    assert len({family.title for family in FAMILIES}) == len(FAMILIES)


def test_numbers_of_the_sample(report):
    cover = coverage(report)
    assert cover.count == Count(passed=2, failed=6, skipped=2, crashed=1)
    assert (cover.tally.errors, cover.tally.muted) == (4, 1)
    assert cover.packages == {"conda": 218, "pypi": 3}
    assert [phase.family.name for phase in cover.skipped] == ["lock"]
