"""Locks beside their channels: what is gone, changed, withdrawn or newer, or cannot be told."""

from __future__ import annotations

import math
from datetime import date

import pytest

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.grammar.build_string import variant
from conda_preflight.project import open_project
from conda_preflight.testing.channel import Fault, Server, record

WORLD = (
    "lock/artefact-gone",
    "lock/build-marked-broken",
    "lock/digest-changed",
    "lock/newer-build",
)
NUMPY = record("numpy", "1.26.4", build="py311h1234567_0")


@pytest.fixture
def held(tmp_path, monkeypatch):
    """Holds an explicit list against its channels; returns the report."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))

    def run(*urls, **options):
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        (folder / "conda-linux-64.lock").write_text("\n".join(["@EXPLICIT", *urls]) + "\n")
        chosen = Settings(select=WORLD, require=("lock",), solve=options.pop("solve", None))
        project = open_project(folder, chosen)
        return audit(
            project,
            chosen,
            date(2026, 11, 24),
            engines=engines(project, folder, chosen, **options),
        )

    return run


def url(channel, row, digest=""):
    return f"{channel}/{row['subdir']}/{row['fn']}{digest and '#'}{digest}"


def rules(report):
    return [finding.rule for finding in report.findings]


def reasons(report):
    return {outcome.reason for outcome in report.outcomes if outcome.reason}


def test_what_is_there_passes(held, synthetic_channel):
    channel = synthetic_channel(NUMPY).as_uri()
    report = held(url(channel, NUMPY, f"sha256:{NUMPY['sha256']}"), url(channel, NUMPY))
    assert not report.findings
    assert report.verdict.exit_code == 0


def test_without_solve_a_server_is_not_asked(held, synthetic_channel):
    with Server(synthetic_channel(NUMPY)) as server:
        report = held(url(server.url, NUMPY))
        assert not server.requests
        assert reasons(report) == {"a solve is made with --solve"}
        report = held(url(server.url, NUMPY), solve=True, offline=True)
        assert not server.requests
        assert report.verdict.exit_code == 2
        assert not held(url(server.url, NUMPY), solve=True).findings
        assert server.requests


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_channel_that_refuses_tells_nothing(held, synthetic_channel, status):
    with Server(synthetic_channel(NUMPY), Fault("*", status=status)) as server:
        report = held(url(server.url, NUMPY), solve=True, seconds=5)
    assert not report.findings
    assert report.verdict.exit_code == 2
    assert all("a channel does not answer" in reason for reason in reasons(report))


def test_a_channel_that_stalls_tells_nothing(held, synthetic_channel):
    with Server(synthetic_channel(NUMPY), Fault("*", stall=math.inf)) as server:
        report = held(url(server.url, NUMPY), solve=True, seconds=0.5)
    assert not report.findings
    assert report.verdict.exit_code == 2


def test_a_channel_that_is_no_more_tells_nothing(held, tmp_path):
    assert not held(url((tmp_path / "none").as_uri(), NUMPY)).findings


def test_many_that_are_gone_are_told_once(held, synthetic_channel):
    channel = synthetic_channel(NUMPY).as_uri()
    rows = [record(f"package{n}", "1.0") for n in range(20)]
    report = held(*(url(channel, row) for row in rows))
    assert rules(report) == ["lock/artefact-gone"]
    assert "17 more" in report.findings[0].problem.message


def test_the_other_format_of_a_build_is_the_build(held, synthetic_channel):
    old = record("numpy", "1.26.4", build="py311h1234567_0", ending=".tar.bz2")
    channel = synthetic_channel(NUMPY).as_uri()
    assert not held(url(channel, old, "0" * 32)).findings


def test_an_md5_counts_where_there_is_no_other(held, synthetic_channel):
    channel = synthetic_channel(NUMPY).as_uri()
    assert not held(url(channel, NUMPY, NUMPY["md5"])).findings
    assert rules(held(url(channel, NUMPY, "0" * 32))) == ["lock/digest-changed"]


def test_a_moved_build_is_withdrawn_and_not_gone(held, synthetic_channel):
    channel = synthetic_channel().as_uri()
    synthetic_channel(NUMPY, name="channel/label/broken")
    assert rules(held(url(channel, NUMPY))) == ["lock/build-marked-broken"]


def test_a_build_of_a_label_is_asked_of_the_label(held, synthetic_channel):
    channel = synthetic_channel(NUMPY, name="channel/label/dev").as_uri()
    assert not held(url(channel, NUMPY)).findings


def test_no_package_of_conda_is_a_reason(held):
    report = held("./local/numpy-1.0-0.conda", solve=True)
    assert reasons(report) == {"it names no URLs of conda packages"}


def test_credentials_stay_hidden(held, synthetic_channel):
    with Server(synthetic_channel(NUMPY), Fault("*", status=403)) as server:
        secret = server.url.replace("://", "://somebody:secret@")
        told = " ".join(reasons(held(url(secret, NUMPY), solve=True, seconds=5)))
    assert "secret" not in told


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        ("py311h64a7726_0", "py311"),
        ("cuda120_py311h1a2b3c4_302", "cuda120_py311"),
        ("cpu_mkl_py312hd6a0b70_100", "cpu_mkl_py312"),
        ("h1234567_3", ""),
        ("py3.11_cuda12.4_cudnn9.1.0_0", "py3.11_cuda12.4_cudnn9.1.0"),
        ("2_cp310", "2_cp310"),
        ("", ""),
    ],
)
def test_the_kind_of_a_build(build, kind):
    assert variant(build) == kind
