"""Every example of every manual page runs as the page says."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from conda_preflight.catalog import checks
from conda_preflight.report import Status
from conda_preflight.testing import Example, audit_files, examples, write_files

CASES = [
    pytest.param(check.rule.id, example, id=f"{check.rule.id}-{number}")
    for check in checks()
    for number, example in enumerate(examples(check.rule.page))
]


def _track(folder, example: Example) -> None:
    """Put all files but the untracked ones under version control."""
    git = shutil.which("git")
    assert git, "git is needed to try the examples about version control"
    tracked = [name for name in example.files if name not in example.untracked]
    subprocess.run([git, "init", "-q"], cwd=folder, check=True)
    subprocess.run([git, "add", "--", *tracked], cwd=folder, check=True)


@pytest.mark.parametrize(("rule_id", "example"), CASES)
def test_example(rule_id, example, tmp_path):
    write_files(example.files, tmp_path, example.modes)
    if example.untracked:
        _track(tmp_path, example)
    report = audit_files(example.files, tmp_path, rule_id)
    mine = [outcome for outcome in report.outcomes if outcome.rule == rule_id]
    assert not [o.reason for o in mine if o.status is Status.CRASHED]
    failed = [outcome for outcome in mine if outcome.status is Status.FAILED]
    if example.fails:
        assert failed, f"this example must fail: {[(o.status, o.reason) for o in mine]}"
    else:
        assert not [f.problem.message for o in failed for f in o.findings]
        assert any(o.status is Status.PASSED for o in mine), [o.reason for o in mine]


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.rule.id)
def test_page_is_whole(check):
    found = list(examples(check.rule.page))
    assert any(example.fails for example in found), "a page shows what fails"
    assert any(not example.fails for example in found), "a page shows what passes"
    assert "## Fix" in check.rule.page
    assert check.rule.summary.endswith("."), "the first line is a sentence"
    assert len(check.rule.summary) <= 100
