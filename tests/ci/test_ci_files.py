"""Files for CI services: valid by the services' schemas, and their steps run as written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from conda_preflight.cli import run

TOP = Path(__file__).parents[2]
EXAMPLE = TOP / "examples" / "ci"
BIN = Path(sys.executable).parent
STEPS = {
    step["name"]: step
    for step in yaml.safe_load((TOP / "action.yml").read_text())["runs"]["steps"]
    if "name" in step
}
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "examples/ci/.github/workflows/preflight.yml"),
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
    ],
)
def test_the_schema_of_the_service_accepts_it(schema, name):
    words = [BIN / "check-jsonschema", "--builtin-schema", schema, TOP / name]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("what", "name"),
    [("manifest", ".pre-commit-hooks.yaml"), ("config", "examples/ci/.pre-commit-config.yaml")],
)
def test_pre_commit_accepts_it(what, name, tmp_path):
    home = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path)}
    subprocess.run([BIN / "pre-commit", f"validate-{what}", TOP / name], check=True, env=home)


def test_inputs_reach_no_script_as_text():
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)


@pytest.fixture
def job(tmp_path):
    """A checkout of the example, and a runner that has installed conda-preflight."""
    shutil.copytree(EXAMPLE, tmp_path / "work")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        subprocess.run([*GIT, *words], cwd=tmp_path / "work", check=True)
    (tmp_path / "temp" / "conda-preflight").mkdir(parents=True)
    (tmp_path / "temp" / "conda-preflight" / "bin").symlink_to(BIN)
    return tmp_path


def perform(job, name, **inputs):
    """Run one step in bash as GitHub does, with the inputs' defaults where none are given."""
    defaults = {"SUBJECT": ".", "OFFLINE": "true", "FORMAT": "github", "SUMMARY": "true"}
    files = {"GITHUB_OUTPUT": job / "output", "GITHUB_STEP_SUMMARY": job / "summary"}
    environ = {
        **dict.fromkeys(STEPS[name]["env"], ""),
        **(defaults if name == "Audit" else {}),
        **inputs,
        **{key: str(value) for key, value in files.items()},
        "RUNNER_TEMP": str(job / "temp"),
        "PATH": os.environ["PATH"],
        "HOME": str(job),
    }
    script = job / "step.sh"
    script.write_text(STEPS[name]["run"])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
    return subprocess.run(
        shell,
        cwd=job / "work",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_audit_of_the_example_is_a_go(job):
    done = perform(job, "Audit", TARGETS="a100\n\ncpu,glibc=2.36\n", REQUIRE="manifest,lock")
    assert (done.returncode, done.stderr) == (0, "")
    output = dict(line.split("=", 1) for line in (job / "output").read_text().splitlines())
    assert output["verdict"] == "GO"
    assert json.loads(Path(output["json"]).read_text())["verdict"] == "GO"
    assert "GO" in (job / "summary").read_text()
    forms = {"sarif", "json", "junit", "markdown"}
    assert {p.suffix[1:] for p in Path(output["json"]).parent.iterdir()} == forms


def test_a_no_go_fails_the_step_and_leaves_its_reports(job):
    asked = "name: a\nchannels: [conda-forge]\ndependencies: [python=3.11]\n"
    (job / "work" / "environment.yml").write_text(asked)
    done = perform(job, "Audit")
    assert done.returncode == 1
    assert "::error file=conda-lock.yml,line=" in done.stdout
    assert "verdict=NO_GO" in (job / "output").read_text()


@pytest.mark.parametrize(
    "hostile", ["$(touch hacked)", "`touch hacked`", '"; touch hacked; "', "--fix"]
)
def test_no_input_acts(job, hostile):
    names = [name for name in STEPS["Audit"]["env"] if name not in ("FORMAT", "SUMMARY", "OFFLINE")]
    for name in names:
        perform(job, "Audit", **{name: hostile})
    done = perform(job, "Install", VERSION=hostile, INTERPRETER=sys.executable)
    assert done.returncode == 2
    assert not (job / "work" / "hacked").exists()
    assert subprocess.check_output(["git", "status", "--short"], cwd=job / "work") == b""


def test_the_report_is_sent_with_its_token(job):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Authorization"], self.headers["Content-Type"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words):
            """Say nothing."""

    (job / "report.json").write_text("{}")
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.handle_request).start()
        where = f"http://127.0.0.1:{server.server_port}/reports"
        told = {"REPORT": str(job / "report.json"), "POST_TOKEN": "abc", "POST_URL": where}
        done = perform(job, "Send the report", **told)
    assert (done.returncode, done.stdout) == (0, "")
    assert got == [("Bearer abc", "application/json", b"{}")]
    refused = perform(job, "Send the report", **{**told, "POST_URL": "file:///etc/passwd"})
    assert refused.returncode == 0
    assert "::warning" in refused.stdout


def test_paths_for_code_scanning_start_at_the_top(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "services" / "chat"
    folder.mkdir(parents=True)
    (folder / "environment.yml").write_text("name: a\ndependencies:\n  - numpy\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.chdir(folder)
    assert run(["audit", "--no-ledger", "--format", "sarif"]) == 1
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in log["results"]]
    artifacts = {each["artifactLocation"]["uri"] for each in places}
    assert artifacts == {"services/chat/environment.yml"}
    assert {each["artifactLocation"]["uriBaseId"] for each in places} == {"%SRCROOT%"}
    assert run(["audit", "--no-ledger", "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {each["path"] for each in findings} == {"environment.yml"}


def test_a_finding_without_a_file_has_a_place_for_code_scanning():
    from conda_preflight.documents import Location
    from conda_preflight.report import Finding, Outcome, Problem, Report, Severity, Status, Verdict
    from conda_preflight.writers.sarif import write

    finding = Finding("a/b", Severity.ERROR, Problem("x", "No file", Location(""), ""))
    outcome = Outcome("a/b", "", Status.FAILED, (finding,))
    (log,) = json.loads(write(Report(Verdict.NO_GO, (), (), (outcome,), ())))["runs"]
    assert log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "."


@pytest.mark.slow
def test_pre_commit_runs_both_hooks(job):
    """pre-commit installs from this checkout and runs in a repository that changes a manifest."""
    commit = ["git", "-C", TOP, "rev-parse", "HEAD"]
    hooks = subprocess.check_output(commit, text=True).strip()
    words = [BIN / "pre-commit", "try-repo", str(TOP), "--ref", hooks, "--all-files"]
    home = {**os.environ, "PRE_COMMIT_HOME": str(job / "cache")}
    done = subprocess.run(
        words, cwd=job / "work", env=home, capture_output=True, text=True, check=False, timeout=550
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == 2
