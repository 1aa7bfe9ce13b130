"""Real attempts on real environments: none changes a frozen one, most change one that is not."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from tests.freezing.frozen_tree import make, state, without_times
from tests.mutations.real_prefix import install

from conda_preflight.cli import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the prefix is made on Linux")

BESIDE = {"pip install --user", "pip install --user --break-system-packages"}
SEED = 20261124


@pytest.fixture(scope="module")
def small(real_channel, tmp_path_factory):
    """Python and a project, without pip, whose start takes longest."""
    folder = tmp_path_factory.mktemp("small")
    install(real_channel, ["python", "idna"], folder / "env", folder / "cache")
    # The files are hard links to the cache.
    return folder / "env"


@pytest.fixture(scope="module")
def whole(real_channel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    install(real_channel, ["python", "requests", "pip"], folder / "env", folder / "cache")
    return folder / "env"


@pytest.fixture(autouse=True)
def open_to_all(tmp_path, monkeypatch):
    """Attempts are made by nobody, who must come into the folder of the copy."""
    monkeypatch.setenv("TMPDIR", "/tmp")  # noqa: S108
    monkeypatch.setattr("tempfile.tempdir", None)


def proved(prefix, capsys, code):
    capsys.readouterr()
    assert run(["freeze", "--prove", str(prefix), "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def counted(proof, *verdicts):
    return {a["name"] for a in proof["attempts"] if a["verdict"] in verdicts and not a["beyond"]}


def assert_frozen_and_not(prefix, capsys, at_least):
    """The same attempts before the freeze and after it; the prefix is what it was in the end."""
    before = state(prefix)
    first = proved(prefix, capsys, 1)
    assert state(prefix) == before
    assert run(["freeze", str(prefix), "--copies"]) == 0
    frozen = state(prefix)
    second = proved(prefix, capsys, 0)
    assert state(prefix) == frozen
    tried = counted(second, "refused", "idle", "beside")
    assert second["changed"] == 0
    assert len(tried) == second["tried"] >= at_least
    assert counted(first, "changed", "beside") == tried
    beyond = {a["name"]: a["verdict"] for a in second["attempts"] if a["beyond"]}
    assert beyond["its owner, after chmod"] == "changed"
    assert run(["unfreeze", str(prefix)]) == 0
    assert state(prefix) == before
    return first, second


def test_no_attempt_without_pip_changes_a_frozen_prefix(small, capsys):
    _, second = assert_frozen_and_not(small, capsys, 12)
    untried = {a["name"]: a["reason"] for a in second["attempts"] if a["verdict"] == "not tried"}
    assert untried["pip install"] == "the environment has no pip"


@pytest.mark.slow
def test_no_attempt_changes_a_frozen_prefix(whole, capsys):
    first, second = assert_frozen_and_not(whole, capsys, 24)
    assert counted(first, "beside") == BESIDE
    reasons = {a["name"]: a["reason"] for a in second["attempts"]}
    assert "externally managed" in reasons["uv pip install"]
    assert "Permission denied" in reasons["uv pip install --target site-packages"]
    assert "activated virtualenv" in reasons["pip install --target site-packages"]


@pytest.mark.slow
def test_marks_alone_stop_pip_but_not_uv(whole, capsys):
    assert run(["freeze", str(whole), "--for", "shared"]) == 0
    proof = proved(whole, capsys, 1)
    changed = counted(proof, "changed")
    assert run(["unfreeze", str(whole)]) == 0
    assert {"uv pip install --target site-packages", "a .pth file"} < changed
    assert not {"uv pip install", "uv pip uninstall"} & changed
    by_pip = {name for name in changed if name.startswith("pip")}
    assert by_pip == {"pip install --break-system-packages, settings overridden"}


def test_a_prefix_without_python_is_tried_by_hand(tmp_path, capsys):
    prefix = make(tmp_path / "env")
    assert run(["freeze", str(prefix)]) == 0
    capsys.readouterr()
    assert run(["freeze", "--prove", str(prefix)]) == 0
    text = capsys.readouterr().out
    assert "pip install: not tried" in text
    assert "a file deleted: refused" in text
    assert "Frozen: 0 of 5 attempts changed it" in text


@pytest.mark.slow
def test_killed_at_random_points(whole, tmp_path):
    """Whenever freeze or unfreeze is killed, unfreeze afterwards makes the prefix what it was."""
    chance = random.Random(SEED)  # noqa: S311
    prefix = tmp_path / "env"
    shutil.copytree(whole, prefix, symlinks=True)
    before = without_times(state(prefix))
    hit = 0
    for number in range(40):
        command = "freeze" if number % 2 else "unfreeze"
        if command == "unfreeze":
            assert run(["freeze", str(prefix)]) == 0
        words = [sys.executable, "-m", "conda_preflight", command, str(prefix)]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.05, 0.5))
            hit += process.poll() is None
            process.send_signal(signal.SIGKILL)
        assert run(["unfreeze", str(prefix)]) == 0
        assert without_times(state(prefix)) == before
    assert hit >= 10
