"""freeze and unfreeze as people run them: what is refused, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.freezing.frozen_tree import LIBRARY, make, state, without_times

from conda_preflight.cli import run
from conda_preflight.freezing import marks, record


@pytest.fixture
def prefix(tmp_path):
    return make(tmp_path / "env")


def written(prefix: Path) -> record.Record:
    return record.parse((prefix / marks.RECORD).read_bytes())


@pytest.mark.parametrize("kind", ["container", "shared"])
def test_unfreeze_leaves_nothing(prefix, kind, capsys):
    before = state(prefix)
    assert run(["freeze", str(prefix), "--for", kind, "--message", "Ask the platform team."]) == 0
    frozen = state(prefix)
    assert {path for path in frozen if path not in before} == {
        marks.FROZEN,
        marks.PINNED,
        marks.RECORD,
        marks.PIP,
        f"{LIBRARY}/{marks.MANAGED}",
    }
    text = (prefix / marks.FROZEN).read_text()
    assert json.loads(text)["message"] == "Ask the platform team."
    assert "Ask the platform team." in (prefix / LIBRARY / marks.MANAGED).read_text()
    writable = [path for path, row in frozen.items() if row[0] & 0o222 and row[3:] != ("",)]
    links = {"bin/hello", "share/nowhere"}
    assert (set(writable) == links) == (kind == "container")
    assert run(["unfreeze", str(prefix)]) == 0
    assert state(prefix) == before
    assert "is as it was before" in capsys.readouterr().out
    assert run(["unfreeze", str(prefix)]) == 0
    assert "is not frozen" in capsys.readouterr().out


def test_files_that_stood_there_come_back_as_they_were(prefix):
    (prefix / marks.PINNED).write_text("python 3.11.*\n")
    (prefix / marks.PINNED).chmod(0o640)
    (prefix / marks.PIP).symlink_to("share/note.txt")
    (prefix / LIBRARY / marks.MANAGED).write_text("[externally-managed]\nError=mine\n")
    before = state(prefix)
    assert run(["freeze", str(prefix)]) == 0
    assert (prefix / marks.PINNED).read_text() == "python 3.11.*\ngreet ==1.0\n"
    assert (prefix / "share" / "note.txt").read_text() == "a note\n"
    assert marks.holds_pip((prefix / marks.PIP).read_bytes())
    assert run(["unfreeze", str(prefix)]) == 0
    assert state(prefix) == before


def test_a_second_freeze_is_the_same_and_another_is_refused(prefix, capsys):
    assert run(["freeze", str(prefix)]) == 0
    before = state(prefix)
    capsys.readouterr()
    assert run(["freeze", str(prefix)]) == 0
    assert "frozen already" in capsys.readouterr().out
    assert run(["freeze", str(prefix), "--for", "shared"]) == 2
    assert "Unfreeze it first" in capsys.readouterr().err
    assert state(prefix) == before


def test_a_file_with_a_name_elsewhere_can_become_a_copy(prefix, tmp_path, capsys):
    os.link(prefix / "bin" / "greet", tmp_path / "in-the-cache")
    os.utime(prefix / "bin", ns=(10**18, 10**18))
    before = state(prefix)
    assert run(["freeze", str(prefix)]) == 0
    assert run(["freeze", str(prefix), "--copies"]) == 2
    assert run(["unfreeze", str(prefix)]) == 0
    assert run(["freeze", str(prefix), "--copies"]) == 0
    assert (tmp_path / "in-the-cache").stat().st_nlink == 1
    assert (tmp_path / "in-the-cache").stat().st_mode & 0o777 == 0o775
    assert (prefix / "bin" / "greet").stat().st_mode & 0o777 == 0o555
    assert run(["unfreeze", str(prefix)]) == 0
    assert state(prefix) == before


@pytest.mark.parametrize("steps", range(10, 18))
def test_a_freeze_with_copies_that_is_killed_is_undone(prefix, tmp_path, steps):
    for path in ("bin/greet", f"{LIBRARY}/os.py"):
        os.link(prefix / path, tmp_path / Path(path).name)
    before = state(prefix)
    assert dying(["freeze", str(prefix), "--copies"], steps) == -signal.SIGKILL
    assert run(["unfreeze", str(prefix)]) == 0
    assert without_times(state(prefix)) == without_times(before)


def test_a_file_with_a_name_elsewhere_keeps_its_mode(prefix, tmp_path, capsys):
    os.link(prefix / "bin" / "greet", tmp_path / "in-the-cache")
    os.link(prefix / LIBRARY / "os.py", prefix / LIBRARY / "os2.py")
    assert run(["freeze", str(prefix)]) == 0
    assert (tmp_path / "in-the-cache").stat().st_mode & 0o777 == 0o775
    assert not (prefix / LIBRARY / "os2.py").stat().st_mode & 0o222
    assert "the others too: 1 file. With --copies" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["freeze", "{}/share"], "is no conda prefix"),
        (["unfreeze", "{}/share"], "is no conda prefix"),
        (["freeze", "{}/none"], "is no conda prefix"),
        (["freeze", "{}", "--message", "two\nlines"], "A message is one line"),
    ],
)
def test_wrong_use_is_told(prefix, words, said, capsys):
    before = state(prefix)
    assert run([word.format(prefix) for word in words]) == 2
    assert said in capsys.readouterr().err
    assert state(prefix) == before


def test_a_prefix_that_pip_is_changing_is_refused(prefix, tmp_path, capsys):
    pip = tmp_path / "pip"
    pip.write_text("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    with (
        (prefix / "share" / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, pip, "install"], stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        assert process.stdout.readline() == b"ready\n"
        try:
            assert run(["freeze", str(prefix)]) == 2
        finally:
            process.kill()
    assert "is being changed by" in capsys.readouterr().err
    assert not (prefix / marks.RECORD).exists()


def test_marks_of_others_are_not_taken_away(prefix, capsys):
    (prefix / marks.FROZEN).write_text("{}")
    assert run(["unfreeze", str(prefix)]) == 2
    assert "was not frozen by" in capsys.readouterr().err
    assert (prefix / marks.FROZEN).exists()


def test_what_was_changed_by_force_is_told_and_put_back(prefix, capsys):
    before = state(prefix)
    assert run(["freeze", str(prefix)]) == 0
    prefix.chmod(0o755)
    (prefix / marks.PIP).unlink()
    (prefix / marks.PIP).write_text("[global]\n")
    assert run(["audit", str(prefix), "--select", "freeze/changed-after-freeze"]) == 0
    assert "pip.conf (altered)" in capsys.readouterr().out
    assert run(["unfreeze", str(prefix)]) == 0
    assert "pip.conf had been changed" in capsys.readouterr().err
    assert state(prefix) == before


def test_what_was_added_by_force_stays_and_is_told(prefix, capsys):
    before = state(prefix)
    assert run(["freeze", str(prefix)]) == 0
    (prefix / "share" / "empty").chmod(0o700)
    (prefix / "share" / "empty" / "new").write_text("new")
    capsys.readouterr()
    assert run(["unfreeze", str(prefix)]) == 0
    told = capsys.readouterr()
    assert "Changed since the freeze, and left so: 1 path, share/empty/new" in told.err
    assert "is not frozen any more" in told.out
    assert state(prefix).keys() - before.keys() == {"share/empty/new"}


HOSTILE = [
    b"",
    b"[]",
    b'{"schema": "conda-preflight/freeze/2", "for": "shared"}',
    b"[" * 100_000,
    (
        b'{"schema": "conda-preflight/freeze/1", "for": "shared", "message": "", "shared": 0,'
        b' "times": {}, "paths": {}, "marks": [{"path": "../../etc/passwd", "data": ""}]}'
    ),
    (
        b'{"schema": "conda-preflight/freeze/1", "for": "shared", "message": "", "shared": 0,'
        b' "times": {"../..": 1}, "paths": {}, "marks": []}'
    ),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_record_that_no_freeze_writes_is_refused(prefix, data, capsys):
    (prefix / marks.RECORD).write_bytes(data)
    before = state(prefix)
    assert run(["unfreeze", str(prefix)]) == 2
    assert "The record of the freeze" in capsys.readouterr().err
    assert run(["audit", str(prefix), "--select", "freeze"]) == 0
    assert "The record of the freeze" in capsys.readouterr().out
    assert state(prefix) == before


def test_a_record_leads_nowhere_outside(prefix, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("mine")
    (outside / "file").chmod(0o400)
    (prefix / "share" / "way").symlink_to(outside)
    assert run(["freeze", str(prefix)]) == 0
    found = json.loads((prefix / marks.RECORD).read_bytes())
    found["paths"]["share/way/file"] = [0o222, 0, 0, ""]
    found["paths"]["share/way"] = [0o222, 0, 0, ""]
    (prefix / "conda-meta").chmod(0o755)
    (prefix / marks.RECORD).unlink()
    (prefix / marks.RECORD).write_text(json.dumps(found))
    assert run(["unfreeze", str(prefix)]) == 0
    assert (outside / "file").stat().st_mode & 0o777 == 0o400


def test_a_folder_that_became_a_link_is_not_followed(prefix, tmp_path, capsys):
    assert run(["freeze", str(prefix), "--for", "shared"]) == 0
    (prefix / LIBRARY).rename(tmp_path / "moved")
    (prefix / LIBRARY).symlink_to(tmp_path / "moved")
    assert run(["unfreeze", str(prefix)]) == 2
    assert "was a folder at the freeze" in capsys.readouterr().err
    assert (tmp_path / "moved" / marks.MANAGED).exists()


# Every call by which the file system is changed is a point at which a process can end.
_DYING = """
import os, signal, sys
left = int(sys.argv[1])
def dying(function):
    def call(*args, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)
    return call
for name in ("chmod", "replace", "unlink", "utime", "fchmod", "chown", "symlink", "fsync"):
    setattr(os, name, dying(getattr(os, name)))
from conda_preflight.cli import run
sys.exit(run(sys.argv[2:]))
"""


def dying(words: list[str], steps: int) -> int:
    """Run a command that is killed before its step of that number; its exit code."""
    command = [sys.executable, "-c", _DYING, str(steps), *words]
    return subprocess.run(command, check=False, capture_output=True).returncode


@pytest.mark.parametrize("steps", [0, 1, 2, 4, 6, 8, 11, 14, 20, 30])
def test_a_freeze_that_is_killed_is_undone(prefix, steps):
    before = state(prefix)
    assert dying(["freeze", str(prefix)], steps) == -signal.SIGKILL
    assert run(["unfreeze", str(prefix)]) == 0
    assert without_times(state(prefix)) == without_times(before)


@pytest.mark.parametrize("steps", [0, 3, 9, 21, 26, 30, 33])
def test_an_unfreeze_that_is_killed_is_finished(prefix, steps):
    before = state(prefix)
    assert run(["freeze", str(prefix)]) == 0
    assert dying(["unfreeze", str(prefix)], steps) in (-signal.SIGKILL, 0)
    assert run(["unfreeze", str(prefix)]) == 0
    assert without_times(state(prefix)) == without_times(before)


def test_a_freeze_that_is_killed_is_finished_by_the_next(prefix):
    before = state(prefix)
    assert dying(["freeze", str(prefix)], 9) == -signal.SIGKILL
    assert run(["freeze", str(prefix)]) == 0
    assert not prefix.stat().st_mode & 0o222
    assert run(["unfreeze", str(prefix)]) == 0
    assert state(prefix) == before
