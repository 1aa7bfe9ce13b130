"""The family solve where an example of a page cannot go: flags, faults, snapshots, many files."""

from __future__ import annotations

import json
import math

import pytest
from click.testing import CliRunner

from conda_preflight.access import NAMES, engines, site_of
from conda_preflight.cli import main
from conda_preflight.config import Settings, settings
from conda_preflight.errors import UsageError
from conda_preflight.project import open_project
from conda_preflight.solving.platforms import platforms_of
from conda_preflight.testing.channel import Fault, Server, make_wheel, record

MANIFEST = "name: app\nchannels: [{}]\ndependencies: [numpy=1.26]\n"


@pytest.fixture
def audit(tmp_path, monkeypatch):
    """Runs the command line on a manifest of one channel; returns exit code and report."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))

    def run(channel, *options, text=MANIFEST, path="project/environment.yml"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(channel))
        arguments = ["audit", str(tmp_path / "project"), "--format", "json", *options]
        done = CliRunner().invoke(main, [*arguments, "--select", "solve"])
        assert "Traceback" not in done.output
        return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else done

    return run


def reasons(report):
    return {o["reason"] for o in report["outcomes"] if o["status"] == "skipped"}


def rules(report):
    return [finding["rule"] for finding in report["findings"]]


NUMPY = record("numpy", "1.26.4")


def test_without_a_word_no_network_is_asked(audit, synthetic_channel):
    with Server(synthetic_channel(NUMPY)) as server:
        code, report = audit(server.url)
        assert not server.requests
    assert code == 0
    assert reasons(report) == {"a solve is made with --solve"}
    assert all(o["status"] == "skipped" for o in report["outcomes"])


def test_local_channels_are_solved_by_themselves(audit, synthetic_channel):
    code, report = audit(synthetic_channel().as_uri())
    assert code == 1
    assert rules(report) == ["solve/unknown-package"]


def test_a_relative_channel_is_that_of_the_manifest(audit, synthetic_channel):
    synthetic_channel(NUMPY, name="project/own")
    assert audit("./own")[0] == 0


def test_bare_names_live_where_the_alias_says(audit, synthetic_channel, tmp_path):
    synthetic_channel(NUMPY, name="mine")
    code, report = audit("mine", "--channel-alias", tmp_path.as_uri())
    assert code == 0
    assert {o["status"] for o in report["outcomes"]} == {"passed", "skipped"}
    (tmp_path / "project/preflight.toml").write_text(f'channel-alias = "{tmp_path.as_uri()}"')
    assert audit("mine", "--require", "solve")[0] == 0


def test_no_solve_means_none(audit, synthetic_channel):
    code, report = audit(synthetic_channel().as_uri(), "--no-solve", "--require", "solve")
    assert code == 2
    assert reasons(report) == {"solving is switched off (--no-solve)"}


def test_offline_forbids_the_network(audit, synthetic_channel):
    with Server(synthetic_channel(NUMPY)) as server:
        _, report = audit(server.url, "--solve", "--offline")
        assert not server.requests
    assert any("--offline forbids it" in reason for reason in reasons(report))


def test_with_solve_a_server_is_asked(audit, synthetic_channel):
    with Server(synthetic_channel(record("numpy", "2.0"))) as server:
        code, report = audit(server.url, "--solve")
        assert server.requests
    assert code == 1
    assert rules(report) == ["solve/unknown-package"]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_channel_that_refuses_skips_the_family(audit, synthetic_channel, status):
    with Server(synthetic_channel(NUMPY), Fault("*", status=status)) as server:
        url = server.url.replace("://", "://somebody:secret@")
        code, report = audit(url, "--solve", "--require", "solve", "--seconds", "5")
    assert code == 2
    assert not report["findings"]
    told = " ".join(reasons(report))
    assert "could not be solved" in told
    assert "secret" not in json.dumps(report)


def test_a_channel_that_stalls_is_left(audit, synthetic_channel):
    with Server(synthetic_channel(NUMPY), Fault("*", stall=math.inf)) as server:
        code, report = audit(server.url, "--solve", "--require", "solve", "--seconds", "0.5")
    assert code == 2
    assert any("could not be solved" in reason for reason in reasons(report))


def test_a_snapshot_answers_for_channels_that_are_gone(audit, synthetic_channel, tmp_path):
    with Server(synthetic_channel(NUMPY)) as server:
        audit(server.url)
        done = CliRunner().invoke(main, ["lock", str(tmp_path / "project"), "--snapshot"])
        assert done.exit_code == 0, done.output
        channel = server.url
    code, report = audit(channel, "--offline", "--require", "solve")
    assert code == 0
    assert audit(channel, "--require", "solve")[0] == 0  # no need to forbid the network
    text = MANIFEST.replace("1.26", "2.0")
    code, report = audit(channel, "--offline", text=text)
    assert code == 0
    assert "the manifest changed since its channels were recorded: use --solve" in reasons(report)


def test_a_damaged_snapshot_is_a_reason(audit, synthetic_channel, tmp_path):
    with Server(synthetic_channel(NUMPY)) as server:
        audit(server.url)
        CliRunner().invoke(main, ["lock", str(tmp_path / "project"), "--snapshot"])
        channel = server.url
    (tmp_path / "project/conda-lock.yml.snapshot.json.xz").write_bytes(b"no snapshot")
    assert any("cannot be read" in reason for reason in reasons(audit(channel, "--offline")[1]))


def test_a_line_that_conda_cannot_read_skips_the_solve(audit, synthetic_channel):
    text = "channels: [{}]\ndependencies:\n  - numpy=1.26\n  - 'scipy=='\n"
    _, report = audit(synthetic_channel(NUMPY).as_uri(), text=text)
    assert not report["findings"]
    assert "conda cannot read line 4, so there is no solve" in reasons(report)


def test_the_machine_is_what_is_stated(audit, synthetic_channel):
    channel = synthetic_channel(record("numpy", "1.26.4", depends=["__cuda >=12"])).as_uri()
    assert rules(audit(channel)[1]) == ["solve/unstated-gpu"]
    assert rules(audit(channel, "--virtual-package", "__cuda=11.8")[1]) == ["solve/unsolvable"]
    assert rules(audit(channel, "--virtual-package", "__cuda=12.1")[1]) == []


def test_platforms_are_told_together(audit, synthetic_channel):
    names = ("linux-64", "osx-arm64", "win-64")
    channel = synthetic_channel(
        *(record("a", "1.0", depends=["b <2"], subdir=name) for name in names),
        *(record("b", version, subdir=name) for name in names for version in ("1.0", "2.0")),
        platforms=names,
    ).as_uri()
    text = "channels: [{}]\ndependencies: [a, b=2]\nplatforms: [linux-64, osx-arm64, win-64]\n"
    _, report = audit(channel, text=text)
    (finding,) = report["findings"]
    assert finding["rule"] == "solve/unsolvable"
    assert "on linux-64, osx-arm64 and win-64" in finding["message"]
    assert "`a` (line 2)" in finding["message"]
    assert "`b=2` (line 2)" in finding["message"]
    assert "b=1" in finding["fix"]


def test_strict_priority_that_was_asked_for_is_an_error(audit, synthetic_channel):
    first = synthetic_channel(record("numpy", "1.0"), name="first").as_uri()
    second = synthetic_channel(NUMPY, name="second").as_uri()
    plain = audit(f"{first}, {second}")[1]["findings"]
    assert [(f["rule"], f["severity"]) for f in plain] == [
        ("solve/needs-loose-priority", "warning")
    ]
    strict = audit(f"{first}, {second}", "--channel-priority", "strict")[1]["findings"]
    assert [f["severity"] for f in strict] == ["error"]
    assert f"{second}::numpy=1.26" in strict[0]["fix"]


def test_an_export_is_one_finding(audit, synthetic_channel):
    lines = "".join(f"  - package{n}=1.0=h{n}_0\n" for n in range(50))
    text = f"channels: [{{}}]\ndependencies:\n{lines}"
    _, report = audit(synthetic_channel(NUMPY).as_uri(), text=text)
    (finding,) = report["findings"]
    assert "50 lines" in finding["message"]


def test_exclude_newer_leaves_out_what_came_later(audit, synthetic_channel):
    late = record("numpy", "1.26.4", timestamp=1_780_000_000_000)
    channel = synthetic_channel(late).as_uri()
    assert audit(channel)[0] == 0
    assert audit(channel, "--exclude-newer", "2026-01-31")[0] == 1


PIP = """channels: [{}]
dependencies:
  - python=3.11
  - pip
  - pip:
      - -r requirements.txt
"""
PYTHON = (record("python", "3.11.4"), record("pip", "24.0", depends=["python"]))


def test_included_requirements_belong_to_the_pip_half(audit, synthetic_channel, tmp_path):
    channel = synthetic_channel(*PYTHON).as_uri()
    make_wheel(tmp_path / "project/wheels", "app", "1.0", ["lib <2"])
    make_wheel(tmp_path / "project/wheels", "lib", "2.0")
    lines = "--no-index\n--find-links wheels\napp\n"
    (tmp_path / "project/requirements.txt").write_text(lines)
    _, report = audit(channel, text=PIP)
    assert rules(report) == ["solve/pip-half-unsolvable"]
    assert report["findings"][0]["line"] == 5


def test_a_pip_half_of_an_index_waits_for_solve(audit, synthetic_channel, tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "project/requirements.txt").write_text("app\n")
    code, report = audit(synthetic_channel(*PYTHON).as_uri(), text=PIP)
    assert code == 0
    assert "the pip half is resolved with --solve" in reasons(report)


def test_groups_that_share_an_environment(audit, synthetic_channel):
    versions = ("1.0", "2.0", "3.0")
    channel = synthetic_channel(*(record("lib", v) for v in versions), NUMPY).as_uri()
    texts = {"a": "lib=1.0", "b": "lib=2.0", "c": "numpy", "d": "lib >=2"}
    for name, spec in texts.items():
        text = f"channels: [{{}}]\ndependencies: ['{spec}']\n"
        code, report = audit(channel, text=text, path=f"project/{name}/environment.yml")
    assert code == 0
    (finding,) = report["findings"]
    assert finding["severity"] == "note"
    assert "`b/environment.yml` and `d/environment.yml`" in finding["message"]
    assert "`a/environment.yml` and `c/environment.yml`" in finding["message"]
    assert "`lib=1.0` (a/environment.yml:2)" in finding["message"]


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--virtual-package", "cuda=12", "__cuda"),
        ("--channel-alias", "./here", "URL"),
        ("--exclude-newer", "yesterday", "time"),
        ("--channel-priority", "loose", "strict"),
    ],
)
def test_wrong_options_are_told(audit, option, value, word):
    code, done = audit("main", option, value)
    assert code != 0
    assert word in f"{done.stderr} {done.exception!r} {getattr(done.exception, 'hint', '')}"


def test_settings_that_mean_nothing_are_refused(tmp_path):
    (tmp_path / "preflight.toml").write_text('channel-priority = "loose"')
    with pytest.raises(UsageError, match="strict or disabled"):
        site_of(settings(tmp_path))


def test_settings_have_environment_variables(tmp_path, monkeypatch):
    monkeypatch.setenv("CONDA_PREFLIGHT_SOLVE", "no")
    monkeypatch.setenv("CONDA_PREFLIGHT_CHANNEL_ALIAS", "https://conda.example.org")
    monkeypatch.setenv("CONDA_PREFLIGHT_VIRTUAL_PACKAGES", "__cuda=12.8, __glibc=2.31")
    read = settings(tmp_path)
    assert read.solve is False
    assert site_of(read).alias == "https://conda.example.org"
    assert [name for name, *_ in site_of(read).virtual_packages] == ["__cuda", "__glibc"]


@pytest.mark.parametrize(
    ("lines", "platform"),
    [
        ("python, numpy", "linux-64"),
        ("python, vs2015_runtime", "win-64"),
        ("python, appnope", "linux-64"),
        ("python, python.app", "osx-arm64"),
    ],
)
def test_a_platform_is_guessed_by_what_exists_there(tmp_path, lines, platform):
    (tmp_path / "environment.yml").write_text(f"dependencies: [{lines}]\n")
    project = open_project(tmp_path, Settings())
    (manifest,) = [d for d in project.documents if type(d).__name__ == "Manifest"]
    assert platforms_of(manifest, ()) == (platform,)
    assert platforms_of(manifest, ("osx-64",)) == ("osx-64",)


def test_an_audit_without_a_solve_builds_no_engine(tmp_path):
    (tmp_path / "environment.yml").write_text(MANIFEST.format("main"))
    project = open_project(tmp_path, Settings())
    found = engines(project, tmp_path, Settings())
    assert {found[name] for name in NAMES} == {"a solve is made with --solve"}
