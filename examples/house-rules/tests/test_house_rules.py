"""Each example on the page of a check does what its heading says."""

from __future__ import annotations

from pathlib import Path

import pytest
from house_rules.mirror import other_mirror
from house_rules.owner import no_owner

from conda_preflight.check import Check
from conda_preflight.documents import Location, Lock, Package
from conda_preflight.testing import Example, audit_files, examples, run_check

HERE = Location("conda-linux-64.lock", 2)


@pytest.mark.parametrize(
    ("check", "example"),
    [(check, each) for check in (other_mirror, no_owner) for each in examples(check.rule.page)],
)
def test_the_page_is_true(check: Check, example: Example, tmp_path: Path) -> None:
    report = audit_files(example.files, tmp_path, check.rule.id)
    assert bool(report.findings) is example.fails
    assert {finding.rule for finding in report.findings} <= {check.rule.id}


def test_a_mirror_can_be_named() -> None:
    package = Package("conda", "zlib", "1.3.1", HERE, url="https://a.example/x/zlib-1.3.1-0.conda")
    lock = Lock("conda-linux-64.lock", "explicit", "1", HERE, packages=(package,))
    assert run_check(other_mirror, lock, mirrors=("https://a.example/",)) == []
    (problem,) = run_check(other_mirror, lock, mirrors=("https://b.example/",))
    assert problem.about == "zlib"
