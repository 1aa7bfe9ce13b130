from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.git_head import head_of
from conda_preflight.identity import identity, remote_name

GIT = shutil.which("git") or ""


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run([GIT, *who, *words], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/org/repo.git", "github.com/org/repo"),
        ("https://jane:secret@github.com/org/repo", "github.com/org/repo"),
        ("https://ghp_0123456789abcdefghij@GitHub.com/org/repo/", "github.com/org/repo"),
        ("git@github.com:org/repo.git", "github.com/org/repo"),
        ("ssh://git@github.com:22/org/repo.git", "github.com/org/repo"),
        ("https://git.example:8443/a/b?token=x#y", "git.example/a/b"),
        ("file:///srv/repo.git", ""),
        ("/srv/repo.git", ""),
        ("../repo.git", ""),
        ("", ""),
        ("https://", ""),
    ],
)
def test_one_name_for_all_ways_to_reach_a_remote(address, name):
    assert remote_name(address) == name


@given(st.text(max_size=60))
def test_any_address(address):
    assert isinstance(remote_name(address), str)


@pytest.mark.skipif(not GIT, reason="git makes the repositories of these tests")
class TestRepository:
    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / "repo"
        (folder / "services" / "train").mkdir(parents=True)
        git(folder, "init", "-q", "-b", "main")
        (folder / "a").write_text("a")
        return folder

    def test_before_the_first_commit(self, folder):
        head = head_of(folder.resolve())
        assert (head.revision, head.branch, head.origin) == ("", "main", "")

    def test_loose_packed_and_detached(self, folder):
        git(folder, "add", "a")
        git(folder, "commit", "-qm", "one")
        revision = git(folder, "rev-parse", "HEAD")
        assert head_of(folder.resolve()).revision == revision
        git(folder, "pack-refs", "--all")
        assert not (folder / ".git/refs/heads/main").exists()
        assert head_of(folder.resolve()).revision == revision
        git(folder, "checkout", "-q", "--detach")
        head = head_of(folder.resolve())
        assert (head.revision, head.branch) == (revision, "")

    def test_a_second_work_tree(self, folder):
        git(folder, "remote", "add", "origin", "git@host.example:org/repo.git")
        git(folder, "add", "a")
        git(folder, "commit", "-qm", "one")
        git(folder, "worktree", "add", "-q", "-b", "side", "../other")
        here = identity(folder.parent / "other")
        assert (here.project, here.head.branch) == ("host.example/org/repo", "side")
        assert here.head.revision == git(folder, "rev-parse", "HEAD")

    def test_a_folder_of_a_repository(self, folder):
        git(folder, "remote", "add", "up", "https://host.example/up")
        git(folder, "remote", "add", "origin", "https://host.example/org/repo")
        known = identity(folder / "services" / "train")
        assert known.project == "host.example/org/repo#services/train"
        assert known.name == "train"

    @pytest.mark.parametrize(
        "text",
        [b"", b"ref: ../../etc/passwd", b"ref: refs/heads/../../../x", b"\xff\0", b"zz" * 20],
    )
    def test_a_head_that_is_none(self, folder, text):
        (folder / ".git" / "HEAD").write_bytes(text)
        head = head_of(folder.resolve())
        assert head is None or head.revision == ""


def test_without_a_repository(tmp_path):
    known = identity(tmp_path)
    assert known.head is None
    assert known.project.endswith(f":{tmp_path.resolve().as_posix()}")
