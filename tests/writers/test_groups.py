import re

import pytest

from conda_preflight.documents import Location
from conda_preflight.report import Finding, Outcome, Problem, Report, Severity, Status, Verdict
from conda_preflight.writers import text, write


def finding(package: str, number: int, severity: Severity = Severity.ERROR, **more) -> Finding:
    problem = Problem(
        f"{package} CVE-{number}",
        f"{package} has CVE-{number}",
        Location("x.lock", 3 if package == "pillow" else 4),
        fix=f"Upgrade {package}.",
        ids=(f"CVE-{number}",),
        group=f"{package} has known vulnerabilities",
        row=f"CVE-{number}: high",
        gravity=float(number % 10),
    )
    return Finding("vuln/known", severity, problem, **more)


def report(*found: Finding) -> Report:
    outcome = Outcome("vuln/known", "x.lock", Status.FAILED, found)
    return Report(Verdict.NO_GO, (), (), (outcome,), ())


MANY = report(*(finding("pillow", n) for n in range(10, 30)), finding("zlib", 31))


def test_one_block_for_each_thing_and_the_gravest_first():
    out = text.write(MANY)
    assert out.count("pillow has known vulnerabilities (20)") == 1
    assert out.count("fix: Upgrade pillow.") == 1
    rows = re.findall(r"CVE-(\d+): high", out)
    assert [int(row) % 10 for row in rows] == [9, 9, 8, 8, 7, 7]
    assert "and 14 more: CVE-" in out
    assert "zlib has CVE-31" in out


def test_verbose_shows_every_row():
    assert len(re.findall(r"CVE-\d+: high", text.write(MANY, verbose=1))) == 20


def test_what_is_left_out_is_named_by_its_thing():
    found = [finding(f"part{n}", n * 100 + k) for n in range(1, 9) for k in range(2)]
    out = " ".join(text.write(report(*found)).split())
    assert "6 more of vuln/known (-v lists all): part" in out
    assert len(re.findall(r"part\d \(2\)", out)) == 3


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_pages_have_the_same_blocks(form):
    out = write(form, MANY)
    assert out.count("has known vulnerabilities") == 1
    assert "more" in out


def test_a_muted_one_is_told_with_its_reason():
    out = text.write(report(finding("pillow", 11), finding("pillow", 12, muted="ours")))
    assert "pillow CVE-12: ours" in out
    assert "pillow has CVE-11" in out
