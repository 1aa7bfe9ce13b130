"""What a shell completes, asked of the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conda_preflight.cli import COMMANDS, run

PROGRAM = Path(sys.executable).with_name("conda-preflight")
BASH = """
eval "$(conda-preflight completion bash)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_conda_preflight_completion conda-preflight
printf '%s\\n' "${COMPREPLY[@]}"
"""


def called(*command):
    environ = {**os.environ, "PATH": f"{PROGRAM.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.split(), done.stderr


def completed(*words):
    code, found, error = called("bash", "--norc", "-c", BASH, "bash", "conda-preflight", *words)
    assert (code, error) == (0, "")
    return found


def test_bash_completes_commands_and_options():
    assert completed("") == list(COMMANDS)
    assert completed("reb") == ["rebuild"]
    assert completed("audit", "--sel") == ["--select"]
    assert completed("completion", "") == ["bash", "zsh", "fish"]


def test_bash_completes_families_then_their_rules():
    assert {"lock", "manifest", "vuln"} <= set(completed("explain", ""))
    assert "lock/missing" in completed("explain", "lock/")
    assert completed("audit", "--select", "lock/missing-p") == ["lock/missing-platform"]
    assert "vuln/known" in completed("explain", "vul")


def test_bash_completes_targets():
    assert "a100" in completed("audit", "--target", "")
    assert "h100" in completed("lock", "--target", "h1")


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_takes_its_script():
    script = 'compdef() { echo "$@" }; eval "$(conda-preflight completion zsh)"'
    code, out, error = called("zsh", "-f", "-c", script)
    assert (code, error) == (0, "")
    assert out == ["_conda_preflight_completion", "conda-preflight"]


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes():
    script = "conda-preflight completion fish | source; complete -C 'conda-preflight reb'"
    code, out, error = called("fish", "--no-config", "-c", script)
    assert (code, error) == (0, "")
    assert out[0] == "rebuild"


def test_another_shell_is_wrong_use(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "'tcsh' is not one of" in capsys.readouterr().err
