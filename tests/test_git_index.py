from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.git_index import _names, tracked

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git makes the repositories of these tests")


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run([GIT, *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "sub" / "deep").mkdir(parents=True)
    git(folder, "init", "-q")
    for name in ("a", "sub/b c", "sub/deep/é", "sub/x" * 60):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    git(folder, "add", "-A")
    (folder / "untracked").write_text("x")
    return folder


NAMES = frozenset(("a", "sub/b c", "sub/deep/é", "sub/x" * 60))


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_versions(repository: Path, version: str) -> None:
    if version == "3":
        (repository / "later").write_text("x")
        git(repository, "add", "-N", "later")
    git(repository, "update-index", "--index-version", version)
    assert tracked(repository) == NAMES | ({"later"} if version == "3" else set())


def test_subdirectory(repository: Path) -> None:
    assert tracked(repository / "sub" / "deep") == {"é"}


def test_sha256(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    (tmp_path / "a").write_text("x")
    git(tmp_path, "add", "a")
    assert tracked(tmp_path) == {"a"}


def test_worktree_and_empty_repository(repository: Path) -> None:
    git(repository, "commit", "-qm", "x")
    git(repository, "worktree", "add", "-q", str(repository.parent / "other"))
    assert tracked(repository.parent / "other") == NAMES
    empty = repository.parent / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    assert tracked(empty) == frozenset()


def test_split_index_cannot_be_told(repository: Path) -> None:
    git(repository, "update-index", "--split-index")
    assert tracked(repository) is None


def test_gitdir_elsewhere_is_not_followed(repository: Path, tmp_path: Path) -> None:
    victim = tmp_path / "x" / "y" / "z"
    victim.mkdir(parents=True)
    (victim / ".git").write_text(f"gitdir: {repository / '.git'}\n")
    assert tracked(victim) is None


@pytest.mark.parametrize("content", [b"", b"DIRC", b"DIRC\0\0\0\2\xff\xff\xff\xff", b"x" * 100])
def test_broken_index(repository: Path, content: bytes) -> None:
    (repository / ".git" / "index").write_bytes(content)
    assert tracked(repository) in (None, frozenset())


@given(st.binary(max_size=300), st.integers(1, 5), st.integers(0, 5))
def test_any_bytes(data: bytes, version: int, count: int) -> None:
    try:
        _names(b"DIRC" + version.to_bytes(4, "big") + count.to_bytes(4, "big") + data, 20)
    except (ValueError, IndexError):
        return
