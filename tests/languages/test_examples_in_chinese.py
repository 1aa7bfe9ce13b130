"""What the examples of all manual pages make rules say, said in Chinese."""

from __future__ import annotations

import pytest
from docs.said_texts import is_words

from conda_preflight.catalog import checks
from conda_preflight.report import Outcome, Status
from conda_preflight.testing import audit_files, examples, write_files
from conda_preflight.translation import sentence

FOREIGN = ("image/hadolint", "house/denied", "house/warned")
"""Rules that pass on what others wrote."""


def told(outcome: Outcome):
    """The finished sentences of an outcome."""
    if outcome.status is Status.SKIPPED:
        yield outcome.reason
    for finding in outcome.findings:
        problem = finding.problem
        yield from filter(None, (problem.message, problem.fix, problem.group, problem.row))


@pytest.mark.slow
def test_nearly_all_sentences_of_examples_have_a_translation(tmp_path):
    said = set()
    for check in checks():
        for number, example in enumerate(examples(check.rule.page)):
            folder = tmp_path / check.rule.id / str(number)
            folder.mkdir(parents=True)
            write_files(example.files, folder, example.modes)
            outcomes = audit_files(example.files, folder, check.rule.id).outcomes
            said |= {(o.rule, text) for o in outcomes for text in told(o) if is_words(text)}
    ours = sorted(pair for pair in said if pair[0] not in FOREIGN)
    left = [pair for pair in ours if sentence(pair[1], "zh", pair[0]) == pair[1]]
    assert len(ours) > 500
    assert len(left) <= 0.02 * len(ours), f"{len(left)} of {len(ours)}: {left}"
