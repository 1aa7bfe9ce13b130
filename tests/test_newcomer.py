"""A newcomer's first steps: README as it is written, and a check added as one new file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import conda_preflight

CHECK = '''"""manifest/no-snakes."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity


@check("manifest/no-snakes", Severity.ERROR)
def no_snakes(manifest: Manifest) -> Iterator[Problem]:
    """A package is called after a snake.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - cobra
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - mouse
    ```

    ## Fix

    Call it otherwise.
    """
    for spec in manifest.named("cobra"):
        yield Problem(spec.name, "cobra is a snake", spec.location, "Call it mouse.")
'''


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A copy of the package with the one new file."""
    folder = tmp_path_factory.mktemp("newcomer")
    package = Path(conda_preflight.__file__).parent
    shutil.copytree(
        package, folder / "conda_preflight", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "conda_preflight" / "checks" / "manifest" / "no_snakes.py").write_text(CHECK)
    (folder / "environment.yml").write_text("name: a\ndependencies:\n  - cobra\n")
    return folder


def run(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "conda_preflight", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


def test_explain_knows_it(installed):
    assert "manifest/no-snakes" in run(installed, "explain")
    assert "Call it otherwise." in run(installed, "explain", "manifest/no-snakes")


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "markdown", "html", "github"])
def test_every_report_has_it(installed, form):
    out = run(installed, "audit", "environment.yml", "--format", form)
    assert "manifest/no-snakes" in out
    assert "cobra is a snake" in out


def test_sarif_carries_its_page(installed):
    sarif = json.loads(run(installed, "audit", "environment.yml", "--format", "sarif"))
    rules = sarif["runs"][0]["tool"]["driver"]["rules"]
    (mine,) = [rule for rule in rules if rule["id"] == "manifest/no-snakes"]
    assert "Call it otherwise." in mine["help"]["markdown"]


@pytest.mark.slow
def test_the_start_of_readme_ends_in_a_go(tmp_path):
    """From a clean checkout, in a new home, the steps of README as they are written."""
    top = Path(__file__).parents[1]
    subprocess.run(["git", "clone", "-q", top, tmp_path / "checkout"], check=True)
    text = (top / "README.md").read_text()
    steps = re.findall(r"<!-- start -->\n```bash\n(.*?)```", text, re.DOTALL)
    assert len(steps) == 2
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    environ |= {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "UV_"))}
    done = subprocess.run(
        ["bash", "-eu", "-c", "".join(steps)],
        cwd=tmp_path / "checkout",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()].count("GO") == 2
