"""The command as a person runs it: exit codes, sentences, files, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
GOOD = "name: chatbot_infer_prod\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n"
WRONG = (
    "name: chatbot_infer_prod\nchannels: [conda-forge]\ndependencies:\n  - python=>3.11  # mind\n"
)


def run(*arguments, cwd=None, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "conda_preflight", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "100"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.fixture
def project(tmp_path):
    (tmp_path / "environment.yml").write_text(GOOD)
    return tmp_path


def test_version():
    done = run("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "conda-preflight")


@pytest.mark.parametrize(
    ("example", "code", "word"),
    [("chatbot_finetune_dev", 1, "NO-GO"), ("chatbot_infer_prod", 0, "GO")],
)
def test_the_examples(example, code, word):
    done = run("audit", TOP / "examples" / example)
    assert done.returncode == code, done.stdout
    assert done.stdout.splitlines()[-1].startswith(word)


def test_the_current_directory_is_the_default(project):
    done = run("audit", "--ignore", "lock", cwd=project)
    assert done.returncode == 0, done.stdout


def test_an_empty_directory_is_unknown(tmp_path):
    done = run("audit", tmp_path)
    assert done.returncode == 2
    assert "UNKNOWN" in done.stdout
    assert "nothing here could be audited" in done.stdout


def test_an_unreadable_file_is_unknown(tmp_path):
    (tmp_path / "environment.yml").write_bytes(b"\x00\xff\x01" * 100)
    done = run("audit", tmp_path / "environment.yml")
    assert done.returncode == 2
    assert "UNKNOWN" in done.stdout
    assert "input/unreadable" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["audit", "nowhere"], "There is no nowhere"),
        (["audit", ".", "--select", "manifest/missing-nam"], "manifest/missing-name"),
        (["audit", ".", "--prefix", "."], "no conda prefix"),
        (["audit", ".", "--target", "nobody.json"], "There is no file nobody.json"),
        (["audit", ".", "--report", "xml=x"], "FORMAT=FILE"),
        (["audit", ".", "--report", "json=no/such/folder/x"], "cannot be written"),
        (["audit", ".", "--fail-on", "loud"], "loud"),
        (["audit", "--no-such-option"], "--no-such-option"),
        (["explain", "nothing/at-all"], "There is no rule"),
        (["fly"], "fly"),
    ],
)
def test_wrong_use_is_a_sentence_and_2(project, arguments, sentence):
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_prefix_auto_without_an_environment(project):
    done = run("audit", ".", "--prefix", "auto", cwd=project, CONDA_PREFIX="")
    assert done.returncode == 2
    assert "--prefix DIR" in done.stderr


def test_reports_are_written_beside_the_output(project):
    done = run(
        "audit", ".", "--format", "json", "--report", "html=r.html", "--report", "sarif=r.sarif",
        cwd=project,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["schema_version"] == 1
    assert report["verdict"] in ("GO", "NO_GO")
    assert json.loads((project / "r.sarif").read_text())["version"] == "2.1.0"
    assert "<html" in (project / "r.html").read_text()
    again = run("audit", ".", "--format", "json", cwd=project)
    assert json.loads(again.stdout)["findings"] == report["findings"]


def test_same_input_same_bytes(project):
    first, second = (run("audit", ".", "--format", "json", cwd=project).stdout for _ in range(2))
    assert first == second


def test_diff_shows_and_fix_mends(project):
    (project / "environment.yml").write_text(WRONG)
    select = ["--select", "manifest/invalid-spec"]
    shown = run("audit", ".", "--diff", *select, cwd=project)
    assert "-  - python=>3.11  # mind" in shown.stdout
    assert "+  - python>=3.11  # mind" in shown.stdout
    assert (project / "environment.yml").read_text() == WRONG
    mended = run("audit", ".", "--fix", *select, cwd=project)
    assert mended.returncode == 0, mended.stdout
    assert "environment.yml: 1 of 1 mended" in mended.stderr
    assert (project / "environment.yml").read_text() == WRONG.replace("=>", ">=")


def test_colour_follows_the_environment(project):
    assert "\x1b[" not in run("audit", ".", cwd=project).stdout
    assert "\x1b[" in run("audit", ".", cwd=project, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("audit", ".", "--no-color", cwd=project, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("audit", ".", cwd=project, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_explain_shows_pages_and_lists():
    page = run("explain", "manifest/torch-at-build")
    assert page.returncode == 0
    assert "## Fails" in page.stdout
    assert "manifest/torch-at-build" in run("explain", "manifest").stdout
    assert "manifest/" not in run("explain", "policy").stdout


def test_credentials_are_never_printed(project):
    text = GOOD.replace("- conda-forge", "- https://someone:s3cretsauce@conda.example.org/private")
    (project / "environment.yml").write_text(text)
    for form in ("text", "json", "sarif", "junit", "markdown", "html", "github"):
        done = run("audit", ".", "--format", form, cwd=project)
        assert done.returncode == 1
        assert "s3cretsauce" not in done.stdout + done.stderr, form
