"""Many targets in one audit."""

from __future__ import annotations

from datetime import date

from conda_preflight.audit import audit
from conda_preflight.check import Skip, check
from conda_preflight.config import Settings
from conda_preflight.documents import GPU, Host, Location, Manifest, Name
from conda_preflight.report import Problem, Severity, Status, Verdict
from conda_preflight.targets import alike
from conda_preflight.testing import project_of

HERE = Location("environment.yml", 1, 1)
MANIFEST = Manifest("environment.yml", "environment.yml", HERE, Name("a_b_c", HERE))


def host(name: str, **facts: object) -> Host:
    return Host(f"{name}.json", Location(f"{name}.json"), name=name, **facts)  # type: ignore[arg-type]


def test_targets_that_agree_in_what_is_read_are_one_group():
    hosts = [
        host("a", driver="525", glibc="2.31"),
        host("b", driver="525", glibc="2.28"),
        host("c", driver="535", arch="aarch64"),
    ]
    groups = alike(hosts, ("driver",))
    assert [group.names for group in groups] == [("a", "b"), ("c",)]
    first = groups[0].host
    assert first is not None
    assert (first.driver, first.glibc, first.name) == ("525", "", "")
    assert [group.names for group in alike(hosts, ())] == [("a",), ("b",), ("c",)]


def test_each_target_has_its_verdict():
    asked = []

    @check("trial/old-driver", Severity.ERROR, reads=("driver",))
    def old_driver(manifest: Manifest, host: Host):
        """The driver is old."""
        asked.append(host.driver)
        if not host.driver:
            raise Skip("the target does not say its driver")
        if host.driver < "530":
            yield Problem("torch", f"the target has {host.driver}", manifest.location)

    @check("trial/no-gpu", Severity.ERROR, reads=("gpus",))
    def no_gpu(manifest: Manifest, host: Host):
        """There is no GPU."""
        if host.gpus == ():
            yield Problem("torch", "no GPU", manifest.location)

    gpus = (GPU("A100", "8.0"),)
    hosts = [
        host("old", driver="525", gpus=gpus),
        host("also-old", driver="525", gpus=()),
        host("new", driver="580", gpus=gpus),
        host("unknown", gpus=gpus),
    ]
    report = audit(
        project_of(MANIFEST, *hosts), Settings(), date(2026, 11, 24), [no_gpu, old_driver]
    )
    assert asked == ["525", "580", ""]
    assert report.verdict is Verdict.NO_GO
    assert [(row.name, row.verdict, row.blamed, row.unchecked) for row in report.targets] == [
        ("old", Verdict.NO_GO, (("trial/old-driver", "torch"),), 0),
        (
            "also-old",
            Verdict.NO_GO,
            (("trial/no-gpu", "torch"), ("trial/old-driver", "torch")),
            0,
        ),
        ("new", Verdict.GO, (), 0),
        ("unknown", Verdict.GO, (), 1),
    ]
    told = [(o.status, o.targets) for o in report.outcomes if o.rule == "trial/old-driver"]
    assert told == [
        (Status.FAILED, ("old", "also-old")),
        (Status.PASSED, ("new",)),
        (Status.SKIPPED, ("unknown",)),
    ]


def test_a_target_of_which_nothing_was_checked_is_unknown():
    @check("trial/skips", Severity.ERROR, reads=("driver",))
    def skips(manifest: Manifest, host: Host):
        """Cannot tell."""
        raise Skip("the target does not say its driver")
        yield

    report = audit(project_of(MANIFEST, host("a")), Settings(), date(2026, 11, 24), [skips])
    assert [row.verdict for row in report.targets] == [Verdict.UNKNOWN]
