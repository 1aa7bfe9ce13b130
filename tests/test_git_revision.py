"""Revisions of git: what they hold, and that nothing a repository configures is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lock_builder import conda_lock, package

from conda_preflight import git_revision
from conda_preflight.errors import UsageError
from conda_preflight.git_revision import blob, has_revision, tree

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git makes the repositories of these tests")
OLD, NEW = (conda_lock(package("numpy", version)) for version in ("1.26", "2.0"))


def git(folder, *words, given=None):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    words = [GIT, *identity, *words]
    done = subprocess.run(words, cwd=folder, check=True, capture_output=True, input=given)
    return done.stdout.decode().strip()


def commit(folder, text):
    (folder / "sub" / "conda-lock.yml").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repo"
    (folder / "sub").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, OLD)
    commit(folder, NEW)
    return folder


def run(*arguments, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "conda_preflight", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (("HEAD~1:sub/conda-lock.yml", "HEAD:sub/conda-lock.yml"), "."),
        (("HEAD~1:sub/conda-lock.yml", "sub/conda-lock.yml"), "."),
        (("HEAD~1:./conda-lock.yml", "conda-lock.yml"), "sub"),
        (("HEAD~1", "sub/conda-lock.yml"), "."),
        (("HEAD~1", "sub"), "."),
        (("HEAD~1", "."), "sub"),
        (("HEAD~1", "."), "."),
        (("HEAD~1", "HEAD"), "."),
        (("HEAD~1", ":sub/conda-lock.yml"), "."),
        (("main^", "main"), "sub"),
    ],
)
def test_every_way_to_name_a_revision(arguments, folder, repository):
    done = run("diff", *arguments, cwd=repository / folder)
    assert done.returncode == 0, done.stderr
    assert "1.26 → 2.0" in done.stdout
    assert "conda-lock.yml" in done.stdout.partition("→")[0]


def test_a_reason_at_a_revision(repository):
    assert "numpy 1.26" in run("why", "numpy", "HEAD~1", cwd=repository).stdout


@pytest.mark.parametrize(
    "name",
    ["HEAD:nothing.yml", "nothing:sub/conda-lock.yml", "HEAD:sub", "--help:x", "-p", "HEAD:\n"],
)
def test_what_is_not_there(name, repository):
    done = run("diff", "--", name, ".", cwd=repository)
    assert done.returncode == 2
    assert done.stderr.startswith("conda-preflight: ")


def test_the_hint_for_a_path_that_counts_from_the_top(repository):
    done = run("diff", "HEAD:conda-lock.yml", "conda-lock.yml", cwd=repository / "sub")
    assert "HEAD:./conda-lock.yml" in done.stderr


def test_no_repository_and_no_git(tmp_path):
    assert "nor a git revision" in run("diff", "HEAD", ".", cwd=tmp_path).stderr
    done = run("diff", "HEAD:x", ".", cwd=tmp_path, PATH="")
    assert done.returncode == 2


def test_nothing_of_the_repository_is_run(repository):
    """Whatever a repository can configure is set to a program that leaves a mark."""
    mark = repository.parent / "mark"
    script = repository.parent / "evil"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    (repository / ".gitattributes").write_text("* diff=evil filter=evil merge=evil\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "x")
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        (repository / ".git" / "hooks").mkdir(exist_ok=True)
        shutil.copy(script, repository / ".git" / "hooks" / hook)
    settings = {
        "core.fsmonitor": script,
        "core.pager": script,
        "core.sshCommand": script,
        "core.askPass": script,
        "core.editor": script,
        "core.alternateRefsCommand": script,
        "core.gitProxy": script,
        "diff.external": script,
        "diff.evil.textconv": script,
        "diff.evil.command": script,
        "filter.evil.smudge": script,
        "filter.evil.clean": script,
        "filter.evil.process": script,
        "filter.evil.required": "true",
        "pager.cat-file": script,
        "alias.cat-file": f"!{script}",
        "uploadpack.packObjectsHook": script,
        "credential.helper": f"!{script}",
    }
    for key, value in settings.items():
        git(repository, "config", key, str(value))
    assert not mark.exists()
    done = run("diff", "HEAD~2:sub/conda-lock.yml", "HEAD:sub/conda-lock.yml", cwd=repository)
    assert "1.26 → 2.0" in done.stdout, done
    assert run("diff", "HEAD~2", ".", cwd=repository).returncode == 0
    assert run("diff", ":sub/conda-lock.yml", ".", cwd=repository).returncode == 0
    assert not mark.exists()


def test_what_a_partial_clone_lacks_is_not_fetched(repository):
    mark = repository.parent / "mark"
    script = repository.parent / "evil"
    script.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    script.chmod(0o755)
    oid = git(repository, "rev-parse", "HEAD~1:sub/conda-lock.yml")
    (repository / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    for key, value in {
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{script}",
        "remote.origin.uploadpack": str(script),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "protocol.file.allow": "always",
    }.items():
        git(repository, "config", key, value)
    assert run("diff", "HEAD~1", ".", cwd=repository).returncode == 2
    git(repository, "config", "remote.origin.url", str(repository.parent))
    assert run("diff", "HEAD~1", ".", cwd=repository).returncode == 2
    assert not mark.exists()


def test_a_repository_inside_the_tree_is_not_taken_for_one(repository):
    """A folder that looks like a bare repository could bring settings of its own."""
    bare = repository / "sub" / "inner"
    git(repository, "clone", "-q", "--bare", ".", str(bare))
    assert not has_revision(bare, "HEAD")


def test_variables_of_the_environment_lead_nowhere(repository, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    done = run("diff", "HEAD~1", ".", cwd=repository, GIT_DIR=str(other / ".git"))
    assert done.returncode == 0, done


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can chown")
def test_a_repository_of_somebody_else(repository):
    for folder, folders, files in os.walk(repository):
        for name in (*folders, *files):
            os.chown(Path(folder, name), 12345, 12345)
    os.chown(repository, 12345, 12345)
    assert run("diff", "HEAD~1", ".", cwd=repository).returncode == 0


def test_links_are_no_files(repository):
    (repository / "conda-lock.yml").symlink_to("/etc/passwd")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "x")
    assert [each.path for each in tree(repository, "HEAD")] == ["sub/conda-lock.yml"]


def test_strange_names_are_names(repository):
    for name in ("é\n\t.yml", '"quoted".yml', "-x.yml"):
        (repository / name).write_text("a: 1\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "x")
    assert {each.path for each in tree(repository, "HEAD")} >= {"é\n\t.yml", '"quoted".yml'}
    assert run("diff", "HEAD~1", "HEAD", cwd=repository).returncode == 0


def test_a_tree_that_never_ends_is_given_up(repository, monkeypatch):
    """Ten entries of the same tree, ten levels deep, are ten thousand million files."""
    oid = git(repository, "hash-object", "-w", "--stdin", given=b"x")
    entry = f"100644 blob {oid}\t{{}}\n"
    for _ in range(10):
        lines = "".join(entry.format(f"n{number}") for number in range(10))
        oid = git(repository, "mktree", given=lines.encode())
        entry = f"040000 tree {oid}\t{{}}\n"
    bomb = git(repository, "commit-tree", oid, "-m", "x")
    monkeypatch.setattr(git_revision, "MAX_LISTING", 1_000_000)
    with pytest.raises(UsageError):
        list(tree(repository, bomb))


def test_large_files_are_refused(repository, monkeypatch):
    monkeypatch.setattr(git_revision, "MAX_BYTES", 10)
    with pytest.raises(UsageError, match="larger"):
        blob(repository, "HEAD", "sub/conda-lock.yml")


def test_a_git_that_hangs_is_ended(repository, monkeypatch, tmp_path):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git_revision, "SECONDS", 0.2)
    assert not has_revision(repository, "HEAD")
