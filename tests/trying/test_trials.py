"""Whatever a framework does, its step is told rightly and the others go on."""

from __future__ import annotations

import ast
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from conda_preflight.errors import UsageError
from conda_preflight.trying.trials import PROGRAM, try_prefix

ENDS = {
    "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": ("crashed", "SIGSEGV", ""),
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": ("crashed", "SIGKILL", "out-of"),
    "import os, signal; os.kill(os.getpid(), signal.SIGBUS)": ("crashed", "SIGBUS", "shm"),
    "import os, signal; os.kill(os.getpid(), signal.SIGILL)": ("crashed", "SIGILL", "illegal"),
    "import os; os._exit(0)": ("crashed", "without an answer", ""),
    "import os; os._exit(3)": ("crashed", "exit code 3", ""),
    "raise SystemExit(0)": ("failed", "SystemExit", ""),
    "raise KeyboardInterrupt": ("failed", "KeyboardInterrupt", ""),
    "import time; time.sleep(60)": ("hung", "at: import jax", ""),
    "import atexit, os; atexit.register(os.abort)": ("crashed", "after its answer", ""),
    "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()": (
        "hung",
        "after its answer",
        "",
    ),
    "import no_such_module": ("failed", "No module named 'no_such_module'", ""),
    "raise ImportError('libcudart.so.12: cannot open shared object file: No such file')": (
        "failed",
        "libcudart",
        "two-cuda-runtimes",
    ),
    "import os; print('Error 802: system not yet initialized', flush=True); os.abort()": (
        "crashed",
        "SIGABRT",
        "err-802",
    ),
    "class Odd(Exception):\n def __str__(self): return 1 / 0\nraise Odd": ("failed", "Odd", ""),
    "raise RuntimeError('\\ud800\\x1b[31m' + 'long' * 100000)": ("failed", "long", ""),
    "__version__ = 5": ("passed", "", ""),
}


@pytest.mark.parametrize("text", ENDS, ids=lambda text: text.splitlines()[0][:40])
def test_each_end_has_its_word(prefix, text):
    prefix.module("jax", text)
    status, detail, symptom = ENDS[text]
    _, trial = try_prefix(prefix.root, ("python", "jax.import"), seconds=1.5)
    facts = dict(trial.facts)
    assert (trial.status, detail in trial.detail) == (status, True), trial
    assert facts.get("symptom", "").startswith(symptom)
    assert trial.detail.isprintable()


def test_memory_that_runs_out_is_a_failure_with_its_cause(prefix):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
    prefix.module("jax", limit + "x = bytearray(2 << 30)")
    (trial,) = try_prefix(prefix.root, ("jax.import",))
    assert trial.status == "failed"
    assert dict(trial.facts)["symptom"] == "out-of-memory"


def test_what_is_printed_is_no_answer(prefix):
    noise = """print('{"status": "passed"}' * 3, flush=True)
import os
for _ in range(300): os.write(1, b'\\xff' * 10000 + b'\\n')
os.write(2, b'the end of it')
raise ValueError("no")
"""
    prefix.module("jax", noise)
    (trial,) = try_prefix(prefix.root, ("jax.import",))
    facts = dict(trial.facts)
    assert (trial.status, trial.detail) == ("failed", "ValueError: no")
    assert facts["output"].endswith("the end of it")
    assert len(facts["output"]) <= 600


def test_what_a_step_started_ends_with_it(prefix, tmp_path):
    told = tmp_path / "pid"
    text = f"""import os, time
if not (pid := os.fork()):
    time.sleep(60)
open({str(told)!r}, "w").write(str(pid))
"""
    prefix.module("jax", text)
    begun = time.monotonic()
    (trial,) = try_prefix(prefix.root, ("jax.import",), seconds=10)
    assert trial.status == "passed"
    assert time.monotonic() - begun < 5
    assert _ends(int(told.read_text()))


def test_what_left_the_group_of_a_step_ends_too(prefix, tmp_path):
    told = tmp_path / "pid"
    text = f"""import os, subprocess, sys
code = "import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
nothing = subprocess.DEVNULL
subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=nothing)
while not os.path.exists({str(told)!r}): pass
"""
    prefix.module("jax", text)
    (trial,) = try_prefix(prefix.root, ("jax.import",), seconds=10)
    assert trial.status == "passed"
    assert _ends(int(told.read_text()))


def _ends(pid: int) -> bool:
    """Whether the process ends soon: who ends it does not wait for it."""
    until = time.monotonic() + 5
    while _is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_others_go_on_and_what_needs_a_broken_one_is_not_tried(prefix):
    prefix.module("torch", "import os; os.abort()")
    prefix.module("jax", "")
    names = ("torch", "inference", "jax.import", "tensorflow")
    found = {trial.step: trial.status for trial in try_prefix(prefix.root, names)}
    assert found.pop("torch.import") == "crashed"
    assert (found.pop("jax.import"), found.pop("tensorflow.import")) == ("passed", "not-installed")
    assert found.pop("tensorflow.matmul") == "not-installed"
    assert set(found.values()) == {"not-tried"}


def test_a_prefix_without_any_framework_passes_nothing_but_python(prefix):
    statuses = {trial.step: trial.status for trial in try_prefix(prefix.root)}
    assert statuses.pop("python") == "passed"
    assert set(statuses.values()) == {"not-installed"}


def test_nothing_is_written_into_the_prefix(prefix):
    prefix.module("jax", "import tempfile; tempfile.mkdtemp()")
    before = prefix.files()
    assert try_prefix(prefix.root, ("jax.import",))[0].status == "passed"
    assert prefix.files() == before


def test_the_trial_sees_what_production_sees(prefix, tmp_path, monkeypatch):
    (tmp_path / "jax.py").write_text("__version__ = '9'")
    prefix.module("jax", "__version__ = '1'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    python, jax = (dict(t.facts) for t in try_prefix(prefix.root, ("python", "jax.import")))
    assert jax["version"] == "9"
    assert jax["file"] == str(tmp_path / "jax.py")
    assert python["variable.PYTHONPATH"] == "set"
    assert str(tmp_path) in python.values()


def test_files_of_the_program_are_no_modules_of_the_prefix(prefix):
    prefix.module(
        "jax", "import sys\nassert not any('trying/program' in p for p in sys.path), sys.path"
    )
    prefix.module("telling", "raise SystemExit")
    prefix.module("attention", "raise SystemExit")
    assert try_prefix(prefix.root, ("jax.import",))[0].status == "passed"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "passed"),
        ("assert 0", "failed"),
        ("raise SystemExit(2)", "failed"),
        ("import os; os.abort()", "crashed"),
        ("import time; time.sleep(60)", "hung"),
    ],
)
def test_the_users_own_script(prefix, tmp_path, text, status):
    script = tmp_path / "smoke.py"
    script.write_text(text)
    *_, trial = try_prefix(prefix.root, ("python",), seconds=1, smoke=script)
    assert (trial.step, trial.status) == ("smoke", status)
    assert dict(trial.facts)["script"] == "smoke.py"


def test_questions_that_cannot_be_answered(prefix, tmp_path):
    with pytest.raises(UsageError, match="no step"):
        try_prefix(prefix.root, ("torch.matmull",))
    with pytest.raises(UsageError, match="no Python"):
        try_prefix(tmp_path)
    with pytest.raises(UsageError, match="no smoke test"):
        try_prefix(prefix.root, ("python",), smoke=tmp_path / "none.py")


def test_a_python_that_cannot_be_started(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("no program")
    (trial,) = try_prefix(tmp_path, ("python",))
    assert trial.status == "crashed"


@pytest.mark.parametrize("path", sorted(PROGRAM.parent.glob("*.py")), ids=lambda path: path.name)
def test_the_program_is_of_python_3_8_and_stands_alone(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any("conda_preflight" in name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            assert "conda_preflight" not in (node.module or "")


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13", "3.14"])
def test_other_pythons_run_the_program(version, tmp_path):
    program = shutil.which(f"python{version}")
    if not program or subprocess.run([program, "-V"], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no Python {version} here")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(f'#!/bin/sh\nexec {program} "$@"\n')
    (tmp_path / "bin" / "python").chmod(0o700)
    python, jax, session = try_prefix(tmp_path, ("python", "jax.import", "onnxruntime.session"))[:3]
    assert dict(python.facts)["version"].startswith(version)
    assert python.status == "passed"
    assert (jax.status, session.status) == ("not-installed", "not-installed")
