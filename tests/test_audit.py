"""The flow: verdicts, skips, crashes, coverage, and the same bytes for the same input."""

from __future__ import annotations

from datetime import date

import pytest

import conda_preflight
from conda_preflight import meeting
from conda_preflight.audit import audit
from conda_preflight.check import Skip, check
from conda_preflight.config import Settings
from conda_preflight.documents import (
    Host,
    Location,
    Lock,
    Manifest,
    Name,
    Package,
    Project,
    Unreadable,
)
from conda_preflight.report import Problem, Severity, Status, Verdict
from conda_preflight.testing import project_of

DAY = date(2026, 11, 24)
HERE = Location("environment.yml", 1, 1)
MANIFEST = Manifest("environment.yml", "environment.yml", HERE, Name("a_b_c", HERE))


@check("trial/always", Severity.ERROR)
def always(manifest: Manifest):
    """Always finds one."""
    yield Problem("x", "found", manifest.location)


@check("trial/never", Severity.ERROR)
def never(manifest: Manifest):
    """Never finds one."""
    return []


@check("trial/crash", Severity.ERROR)
def crash(manifest: Manifest):
    """Falls over."""
    raise RuntimeError("https://someone:hunter2@host.example.org/ fell over")


@check("trial/cannot-tell", Severity.ERROR)
def cannot_tell(manifest: Manifest):
    """Cannot tell."""
    raise Skip("the moon is not full")
    yield


@check("trial/wants-host", Severity.ERROR)
def wants_host(manifest: Manifest, host: Host):
    """Wants a host."""
    yield Problem(host.driver, "found", manifest.location)


@check("trial/wants-lock", Severity.ERROR)
def wants_lock(lock: Lock):
    """Wants a lock."""
    return []


@check("trial/option", Severity.NOTE)
def option(manifest: Manifest, *, words: tuple[str, ...] = ("a",)):
    """Shows its option."""
    yield Problem(" ".join(words), "found", manifest.location)


def run(*checks, project=None, settings=None):
    return audit(project or project_of(MANIFEST), settings or Settings(), DAY, checks)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([never], Verdict.GO),
        ([always], Verdict.NO_GO),
        ([crash], Verdict.UNKNOWN),
        ([never, cannot_tell], Verdict.GO),
        ([always, crash], Verdict.NO_GO),
        ([option], Verdict.GO),
    ],
)
def test_verdict(checks, verdict):
    report = run(*checks)
    assert report.verdict is verdict
    assert report.verdict.exit_code == ["GO", "NO_GO", "UNKNOWN"].index(verdict.value)


def test_fail_on_lowers_the_bar():
    report = run(option, settings=Settings(fail_on=Severity.NOTE))
    assert report.verdict is Verdict.NO_GO


def test_nothing_to_audit_is_unknown():
    report = run(never, project=project_of())
    assert report.verdict is Verdict.UNKNOWN
    assert report.outcomes[0].status is Status.SKIPPED


def test_a_required_family_that_was_skipped_is_unknown():
    report = run(wants_lock, settings=Settings(require=("trial",)))
    assert report.verdict is Verdict.UNKNOWN
    assert "trial" in report.reasons[0]


def test_what_is_missing_is_skipped_with_the_reason():
    reasons = [o.reason for o in run(wants_host, wants_lock, cannot_tell).outcomes]
    assert reasons == ["needs a target (a Host)", "no Lock here", "the moon is not full"]


def test_a_host_is_injected():
    host = Host("h.json", Location("h.json"), name="a100", driver="525")
    (finding,) = run(wants_host, project=project_of(MANIFEST, host)).findings
    assert (finding.problem.about, finding.targets) == ("525", ("a100",))


def test_a_crash_is_told_without_credentials():
    (outcome,) = run(crash).outcomes
    assert outcome.status is Status.CRASHED
    assert "RuntimeError" in outcome.reason
    assert "hunter2" not in outcome.reason


def test_options_and_severities_of_the_settings_hold():
    chosen = Settings(
        rules={"trial/option": {"words": ("b", "c")}},
        severities={"trial/option": Severity.ERROR},
    )
    report = run(option, settings=chosen)
    assert [(f.problem.about, f.severity) for f in report.findings] == [("b c", Severity.ERROR)]


PIXI = """
[workspace]
name = "segmenter"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-arm64"]
[dependencies]
numpy = "*"
pytorch-cuda = "12.4"
[pypi-dependencies]
torch = "==2.5.0"
torchvision = "==0.15.1"
timm = "*"
[feature.test.dependencies]
pytest = "*"
[environments]
test = ["test"]
gpu = ["test"]
"""


@pytest.fixture
def pixi_findings(tmp_path):
    (tmp_path / "pixi.toml").write_text(PIXI, "utf-8")
    return conda_preflight.audit(tmp_path).findings


def test_what_holds_for_each_environment_of_a_file_is_told_once(pixi_findings):
    told = [(f.rule, f.problem.message, f.problem.location) for f in pixi_findings]
    assert len(told) == len(set(told))
    rules = [rule for rule, *_ in told]
    assert rules.count("manifest/unpinned-core-package") == 1
    assert rules.count("lock/missing") == 1


def test_a_rule_that_finds_and_passes_in_one_file_is_told_as_both():
    elsewhere = Manifest("environment.yml", "environment.yml", HERE, Name("d_e_f", HERE))

    @check("trial/one", Severity.ERROR)
    def one(manifest: Manifest):
        """Finds something in one of two environments."""
        if manifest is MANIFEST:
            yield Problem("x", "found", HERE)

    outcomes = run(one, project=project_of(MANIFEST, elsewhere)).outcomes
    assert [o.status for o in outcomes] == [Status.FAILED, Status.PASSED]


def test_fixes_are_written_as_the_file_is(pixi_findings):
    fixes = {f.rule: f.problem.fix for f in pixi_findings}
    assert '`numpy = "1.2.*"`' in fixes["manifest/unpinned-core-package"]
    assert '`torchvision = "==0.20.0"`' in fixes["manifest/unmatched-torch-family"]
    assert '`timm = "==1.2.3"`' in fixes["manifest/unpinned-requirement"]
    assert "`[target.linux.dependencies]`" in fixes["manifest/wrong-platform"]


def test_a_flood_of_problems_is_cut_and_said():
    @check("trial/flood", Severity.NOTE)
    def flood(manifest: Manifest):
        """Floods."""
        for n in range(meeting.MAX_FINDINGS + 5):
            yield Problem(str(n), "found", manifest.location)

    (outcome,) = run(flood).outcomes
    assert len(outcome.findings) == meeting.MAX_FINDINGS
    assert str(meeting.MAX_FINDINGS + 5) in outcome.reason


def test_packages_are_counted_by_platform_and_manager():
    from conda_preflight.opening import open_source

    packages = (
        Package("conda", "a", "1", HERE, platform="linux-64"),
        Package("conda", "a", "1", HERE, platform="linux-64"),
        Package("conda", "a", "1", HERE, platform="osx-64"),
        Package("pypi", "b", "1", HERE, platform="linux-64"),
    )
    source = open_source(__import__("pathlib").Path(__file__), "environment.yml")
    lock = Lock("environment.yml", "conda-lock", "1", HERE, packages=packages)
    report = run(never, project=project_of(source, lock))
    assert report.inputs[0].packages == {
        "linux-64": {"conda": 1, "pypi": 1},
        "osx-64": {"conda": 1},
    }


def test_only_an_unreadable_file_is_unknown():
    from conda_preflight.catalog import find

    broken = Unreadable("environment.yml", "This is not YAML", "", HERE)
    report = run(find("input/unreadable"), project=project_of(broken))
    assert report.verdict is Verdict.UNKNOWN
    assert [f.rule for f in report.findings] == ["input/unreadable"]


def test_an_unreadable_file_beside_a_good_one_is_no_go():
    from conda_preflight.catalog import find

    broken = Unreadable("pixi.lock", "This is not YAML", "", Location("pixi.lock"))
    report = run(find("input/unreadable"), project=project_of(MANIFEST, broken))
    assert report.verdict is Verdict.NO_GO


def test_fingerprints_ignore_lines():
    moved = Manifest("environment.yml", "environment.yml", Location("environment.yml", 9, 9))
    first = run(always).findings[0].fingerprint
    assert run(always, project=project_of(moved)).findings[0].fingerprint == first


def test_a_project_knows_its_documents():
    assert isinstance(project_of(MANIFEST), Project)
    assert project_of(MANIFEST).of(Manifest) == (MANIFEST,)
    assert project_of(MANIFEST).of(Lock) == ()
