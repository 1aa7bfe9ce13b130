"""The table of known failures."""

from __future__ import annotations

from conda_preflight.catalog import checks
from conda_preflight.facts.failure_modes import modes


def test_every_rule_in_it_exists():
    known = {check.rule.id for check in checks()}
    named = {rule for mode in modes() for sight in mode.seen.values() for rule in sight.rules}
    assert not named - known


def test_each_failure_is_seen_or_says_why_not():
    assert len(modes()) == 53
    for mode in modes():
        assert mode.seen, mode.name
        assert all(sight.rules or sight.reason for sight in mode.seen.values())
