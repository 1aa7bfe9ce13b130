from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from conda_preflight.errors import UsageError, WriteError
from conda_preflight.lockfiles.writing import write_files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_are_written_and_those_that_changed_are_told(tmp_path):
    one, two = tmp_path / "a.yml", tmp_path / "b.txt"
    two.write_text("same\n", encoding="utf-8")
    before = two.stat().st_mtime_ns
    assert write_files({one: "é\n", two: "same\n"}, tmp_path) == [one]
    assert one.read_bytes() == "é\n".encode()
    assert two.stat().st_mtime_ns == before
    assert names(tmp_path) == ["a.yml", "b.txt"]


def test_a_mode_is_kept_and_a_new_file_follows_the_umask(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("", encoding="utf-8")
    old.chmod(0o640)
    mask = os.umask(0o027)
    try:
        write_files({old: "1", new: "2"}, tmp_path)
    finally:
        os.umask(mask)
    assert [stat.S_IMODE(f.stat().st_mode) for f in (old, new)] == [0o640, 0o640]


def test_a_link_inside_the_project_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "locks").mkdir()
    link = tmp_path / "conda-lock.yml"
    link.symlink_to("locks/real.yml")
    write_files({link: "a\n"}, tmp_path)
    assert link.is_symlink()
    assert (tmp_path / "locks" / "real.yml").read_text(encoding="utf-8") == "a\n"


@pytest.mark.parametrize("kind", ["file", "folder", "dots", "circle"])
def test_nothing_is_written_outside_of_the_project(kind, tmp_path):
    root, outside = tmp_path / "project", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    if kind == "file":
        (root / "lock").symlink_to(outside / "lock")
        file = root / "lock"
    elif kind == "folder":
        (root / "sub").symlink_to(outside)
        file = root / "sub" / "lock"
    elif kind == "dots":
        file = root / ".." / "outside" / "lock"
    else:
        (root / "lock").symlink_to(root / "lock")
        file = root / "lock"
    with pytest.raises(UsageError):
        write_files({root / "other": "a", file: "b"}, root)
    assert not names(outside)
    assert "other" not in names(root)


def test_a_folder_or_a_pipe_is_no_target(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(UsageError, match="is no file"):
            write_files({tmp_path / name: "a"}, tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        write_files({tmp_path / "none" / "lock": "a"}, tmp_path)


def test_a_text_that_is_none_is_refused(tmp_path):
    with pytest.raises(WriteError):
        write_files({tmp_path / "a": "fine", tmp_path / "b": "\ud800"}, tmp_path)
    assert not names(tmp_path)


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_when_one_cannot_be_put_in_place_none_is(failing, tmp_path, monkeypatch):
    files = [tmp_path / name for name in ("a", "b", "c")]
    files[0].write_text("old\n", encoding="utf-8")
    files[0].chmod(0o600)
    replace, calls = Path.replace, []

    def failing_replace(self, target):
        calls.append(target)
        if len(calls) == failing + 1:
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing_replace)
    with pytest.raises(UsageError, match="No space left"):
        write_files(dict.fromkeys(files, "new\n"), tmp_path)
    assert names(tmp_path) == ["a"]
    assert files[0].read_text(encoding="utf-8") == "old\n"
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files({tmp_path / "a": "new"}, tmp_path)
    assert not names(tmp_path)
