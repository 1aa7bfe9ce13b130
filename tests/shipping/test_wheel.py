"""The wheel: built from a clean checkout, installed alone, run there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

import conda_preflight

pytestmark = pytest.mark.slow
KEPT = ("PIP_", "SSL_", "LANG")


def called(*command, cwd):
    environ = {k: v for k, v in os.environ.items() if k.startswith(KEPT)}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**environ, "HOME": str(cwd), "PATH": "/usr/bin:/bin", "MANWIDTH": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(checkout):
    out = checkout.parent / "out"
    command = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", out, checkout)
    called(*command, cwd=checkout.parent)
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel):
    """The folder of an environment with the wheel and what it needs, nothing else."""
    folder = wheel.parent / "venv"
    called(sys.executable, "-m", "venv", folder, cwd=wheel.parent)
    called(folder / "bin" / "pip", "install", "-q", wheel, cwd=wheel.parent)
    return folder


def test_everything_of_the_package_is_in_the_wheel(wheel, checkout):
    listed = called("git", "ls-files", "src/conda_preflight", cwd=checkout).splitlines()
    ours = {name.removeprefix("src/") for name in listed}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("conda_preflight/")}
    assert names == ours


def test_it_runs_where_it_is_installed(installed, checkout):
    program, example = installed / "bin" / "conda-preflight", "examples/chatbot_infer_prod"
    version = f"conda-preflight {conda_preflight.__version__}\n"
    assert called(program, "--version", cwd=checkout) == version
    out = called(program, "audit", example, "--report", "html=report.html", cwd=checkout)
    assert out.splitlines()[-1].startswith("GO")
    assert "<style>" in (checkout / "report.html").read_text()
    assert called(program, "explain", "lock/missing", cwd=checkout).startswith("lock/missing")


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_its_manual_page_is_read(installed):
    page = installed / "share" / "man" / "man1" / "conda-preflight.1"
    shown = called("man", "--warnings", "-l", page, cwd=installed)
    assert "conda-preflight - Pre-flight checklist" in shown
    assert "EXIT STATUS" in shown
