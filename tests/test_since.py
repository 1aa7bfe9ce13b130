"""``audit --since``: what a change of a project brings, whatever the files are called."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_builder import conda_lock, package

from conda_preflight import cli
from conda_preflight.documents import Location, Project, Source, Unreadable
from conda_preflight.project_change import former_paths

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git makes the repositories of these tests")
MANIFEST = """\
name: chatbot_infer_prod
channels: [conda-forge]
dependencies:
  - python=3.11.9
  - numpy=2.1.0
"""
PYTHON = package("python", "3.11.9", build="h1_0", sha256="a" * 64)
NUMPY, NEWER = (
    package("numpy", version, "python", build="py311_0", sha256=digest * 64)
    for version, digest in (("2.1.0", "b"), ("2.1.1", "c"))
)
LOCK = conda_lock(PYTHON, NUMPY)
PIXI = """\
version: 6
environments:
  default:
    channels: [{url: https://conda.anaconda.org/conda-forge/}]
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.1.0-h1_0.conda
      osx-64:
      - conda: https://conda.anaconda.org/conda-forge/osx-64/zlib-1.3.1-h1_0.conda
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.1.0-h1_0.conda
  license: MIT
  size: 1000
- conda: https://conda.anaconda.org/conda-forge/osx-64/zlib-1.3.1-h1_0.conda
  license: Zlib
  size: 10
"""
SETTINGS = 'select = ["input", "manifest", "lock", "joint"]\n'


class Done(NamedTuple):
    stdout: str
    stderr: str


def git(folder, *words):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run([GIT, *identity, *words], cwd=folder, check=True, capture_output=True)


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "repo" / "service"
    folder.mkdir(parents=True)
    git(tmp_path / "repo", "init", "-q", "-b", "main")
    (folder / "environment.yml").write_text(MANIFEST)
    (folder / "conda-lock.yml").write_text(LOCK)
    (folder / "preflight.toml").write_text(SETTINGS)
    commit(folder)
    return folder


def audit(folder, *words, code=0, since="HEAD"):
    """The command in this process, which spares the start of an interpreter."""
    out, err = io.StringIO(), io.StringIO()
    command = ["audit", *map(str, words), *(["--since", since] if since else [])]
    with contextlib.chdir(folder), redirect_stdout(out), redirect_stderr(err):
        found = cli.run([*command, "--no-ledger"])
    assert found == code, (out.getvalue()[-300:], err.getvalue())
    return Done(out.getvalue(), err.getvalue())


def changes(folder, *words, code=0, since="HEAD"):
    words = (*words, "--report", "json=../report.json", "-q")
    said = audit(folder, *words, code=code, since=since).stdout
    report = json.loads((folder.parent / "report.json").read_text())
    assert report["verdict"] == said.split("\n")[-2].partition(":")[0].replace("-", "_")
    gained = [report["findings"][place]["rule"] for place in report["changes"]["gained"]]
    lost = [each["rule"] for each in report["changes"]["lost"]]
    return report["changes"], gained, lost


def test_nothing_changed(project):
    found, gained, lost = changes(project)
    assert (gained, lost) == ([], [])
    assert not found["packages"] + found["lines"] + found["notes"] + found["sizes"]


def test_a_manifest_that_changed_alone(project):
    (project / "environment.yml").write_text(MANIFEST.replace("numpy=2.1.0", "numpy=1.26"))
    found, gained, _ = changes(project, code=1)
    assert found["lines"] == [
        {"file": "environment.yml", "part": "conda", "old": "numpy=2.1.0", "new": "numpy=1.26"}
    ]
    assert sorted(gained) == ["joint/changed-apart", "lock/stale"]


def test_a_lock_that_changed_alone(project):
    (project / "environment.yml").write_text(MANIFEST.replace("numpy=2.1.0", "numpy=2.1"))
    commit(project)
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NEWER))
    found, gained, _ = changes(project)
    assert gained == ["joint/changed-apart"]
    (row,) = found["packages"]
    assert (row["change"], row["name"], row["old"], row["new"]) == (
        ("upgraded", "numpy", "2.1.0", "2.1.1")
    )
    assert "The lock changed since HEAD" in audit(project).stdout


def test_both_changed(project):
    (project / "environment.yml").write_text(MANIFEST.replace("2.1.0", "2.1.1"))
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NEWER))
    _, gained, lost = changes(project)
    assert (gained, lost) == ([], [])


def test_a_lock_of_two_manifests(project):
    (project / "dev.environment.yml").write_text("channels: [conda-forge]\ndependencies: [numpy]\n")
    both = ("environment.yml", "dev.environment.yml")
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NUMPY, sources=both))
    commit(project)
    (project / "environment.yml").write_text(MANIFEST.replace("2.1.0", "2.1.1"))
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NEWER, sources=both))
    _, gained, _ = changes(project)
    assert gained == []


def test_two_locks_of_one_manifest(project):
    (project / "conda-lock.yml").unlink()
    url = "https://conda.anaconda.org/conda-forge/{}/numpy-{}-py311_0.conda\n"
    (project / "environment.yml").write_text("channels: [conda-forge]\ndependencies: [numpy=2.1]\n")
    for platform in ("linux-64", "osx-arm64"):
        lock = project / f"conda-{platform}.lock"
        lock.write_text("@EXPLICIT\n" + url.format(platform, "2.1.0"))
    commit(project)
    words = ("--ignore", "lock")
    (project / "conda-linux-64.lock").write_text("@EXPLICIT\n" + url.format("linux-64", "2.1.1"))
    assert changes(project, *words)[1] == ["joint/changed-apart"]
    text = "channels: [conda-forge]\ndependencies: [numpy=2.1, zlib=1.3]\n"
    (project / "environment.yml").write_text(text)
    assert changes(project, *words)[1] == []


def test_a_file_that_the_manifest_includes(project):
    lines = "  - pip\n  - pip:\n      - -r requirements.txt\n"
    (project / "environment.yml").write_text(MANIFEST + lines)
    (project / "requirements.txt").write_text("einops==0.7.0\n")
    commit(project)
    (project / "requirements.txt").write_text("einops==0.8.0\n")
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NEWER))
    found, gained, _ = changes(project, "--ignore", "lock")
    assert found["lines"][0]["file"] == "requirements.txt"
    assert "joint/changed-apart" not in gained


def test_licences_and_sizes(project):
    (project / "environment.yml").unlink()
    (project / "conda-lock.yml").unlink()
    (project / "pixi.lock").write_text(PIXI)
    commit(project)
    (project / "pixi.lock").write_text(
        PIXI.replace("MIT", "GPL-3.0-only").replace("1000", "3001000")
    )
    found, _, _ = changes(project, "--ignore", "lock")
    assert found["packages"] == []  # the same file cannot have another licence
    newer = (
        PIXI.replace("MIT", "GPL-3.0-only").replace("1000", "3001000").replace("-2.1.0-", "-2.1.1-")
    )
    (project / "pixi.lock").write_text(newer)
    found, _, _ = changes(project, "--ignore", "lock")
    (row,) = found["packages"]
    assert (row["where"], row["growth"]) == ("default linux-64", 3_000_000)
    assert (row["old_licence"], row["new_licence"]) == ("MIT", "GPL-3.0-only")
    (size,) = found["sizes"]
    assert (size["where"], size["old"], size["new"]) == ("default linux-64", 1, 1)
    said = " ".join(audit(project, "--ignore", "lock").stdout.split())
    assert "licence MIT -> GPL-3.0-only" in said


def test_comments_and_order_are_no_change(project):
    lines = MANIFEST.replace("  - python=3.11.9\n", "") + "  - python=3.11.9  # why\n"
    (project / "environment.yml").write_text(lines)
    found, gained, _ = changes(project)
    assert (found["lines"], gained) == ([], [])


def test_only_what_is_new_counts(project):
    stale = MANIFEST + "  - scipy=1.14\n"
    (project / "environment.yml").write_text(stale)
    commit(project)
    audit(project, code=1)
    muted = audit(project, "--fail-on-new").stdout
    assert "known since HEAD" in muted
    (project / "environment.yml").write_text(stale + "  - torch=2.4\n")
    _, gained, _ = changes(project, "--fail-on-new", code=1)
    assert "lock/stale" in gained


def test_a_removed_exception_is_news(project):
    excused = MANIFEST + "  - scipy=1.14\n"
    waived = LOCK.replace("version: 1", "version: 1  # preflight: ignore[lock/stale] later", 1)
    (project / "environment.yml").write_text(excused)
    (project / "conda-lock.yml").write_text(waived)
    commit(project)
    (project / "conda-lock.yml").write_text(LOCK)
    _, gained, _ = changes(project, "--fail-on-new", code=1)
    assert "lock/stale" in gained


def test_renamed_files_are_the_same_files(project):
    (project / "environment.yml").write_text(MANIFEST + "  - scipy=1.14\n")
    commit(project)
    git(project, "mv", "environment.yml", "environment-gpu.yml")
    text = (project / "environment-gpu.yml").read_text()
    (project / "environment-gpu.yml").write_text(text.replace("1.14", "1.15"))
    lock = LOCK.replace("environment.yml", "environment-gpu.yml")
    git(project, "mv", "conda-lock.yml", "gpu.conda-lock.yml")
    (project / "gpu.conda-lock.yml").write_text(lock)
    found, gained, _ = changes(project, "--fail-on-new", code=0)
    assert found["notes"] == [
        "environment.yml is now called environment-gpu.yml",
        "conda-lock.yml is now called gpu.conda-lock.yml",
    ]
    assert found["lines"][0]["old"] == "scipy=1.14"
    assert gained == ["joint/changed-apart"]


def test_a_revision_without_the_files(project):
    git(project, "rm", "-q", "conda-lock.yml", "environment.yml")
    commit(project)
    (project / "environment.yml").write_text(MANIFEST)
    (project / "conda-lock.yml").write_text(LOCK)
    git(project, "add", "-A")
    found, _, _ = changes(project)
    assert found["notes"] == ["conda-lock.yml is new", "environment.yml is new"]
    (project / "conda-lock.yml").unlink()
    found, _, _ = changes(project, code=1, since="HEAD~1")
    assert found["notes"] == ["conda-lock.yml is gone"]


def test_a_folder_that_is_new(project):
    other = project.parent / "other"
    other.mkdir()
    (other / "environment.yml").write_text(MANIFEST)
    found, gained, _ = changes(other, "--fail-on-new", code=1)
    assert found["notes"] == ["HEAD does not have this directory"]
    assert "lock/missing" in gained


def test_one_file_and_the_whole_from_elsewhere(project, tmp_path):
    (project / "environment.yml").write_text(MANIFEST.replace("=2.1.0", ""))
    for path, code in ((project, 0), (project / "environment.yml", 1)):
        words = (path, "--ignore", "lock", "--format", "json")
        out = json.loads(audit(tmp_path, *words, code=code).stdout)
        rules = [out["findings"][place]["rule"] for place in out["changes"]["gained"]]
        assert "manifest/unpinned-core-package" in rules
    (project / "new.yml").write_text(MANIFEST)
    words = (project / "new.yml", "--ignore", "lock", "--format", "json")
    out = json.loads(audit(tmp_path, *words, code=0).stdout)
    assert out["changes"]["notes"] == ["HEAD does not have new.yml"]


def test_what_is_under_version_control_then(project):
    git(project, "rm", "-q", "--cached", "conda-lock.yml")
    git(project, "commit", "-qm", "x")
    _, gained, _ = changes(project, code=1, since="HEAD~1")
    assert gained == ["lock/untracked"]


def test_changed_settings_are_told_and_hold_for_both(project):
    (project / "environment.yml").write_text(MANIFEST + "  - scipy=1.14\n")
    commit(project)
    (project / "preflight.toml").write_text('select = ["input"]\n')
    found, gained, lost = changes(project)
    assert (gained, lost) == ([], [])
    note = "preflight.toml changed; both states are judged by what it says now"
    assert found["notes"] == [note]
    (project / "preflight.toml").rename(project.parent / "preflight.toml")
    found, _, _ = changes(project)
    assert "HEAD does not have preflight.toml, by which" in found["notes"][0]
    commit(project)
    assert changes(project)[0]["notes"] == []


def test_a_named_lock_and_a_target_in_the_project(project):
    sheet = {"schema": "conda-preflight/host/1", "name": "old", "glibc": "2.17", "os": "linux"}
    (project / "old.json").write_text(json.dumps(sheet | {"arch": "x86_64"}))
    (project / "preflight.toml").write_text('targets = ["old.json"]\n')
    commit(project)
    words = ("--lock", "conda-lock.yml", "--manifest", "environment.yml", "--ignore", "imports")
    _, gained, lost = changes(project, *words, "--target", "old.json", "--offline")
    assert (gained, lost) == ([], [])


def test_nothing_that_the_repository_configures_is_run(project, tmp_path):
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    (project / ".gitattributes").write_text("* filter=x diff=x\n")
    for key in ("core.fsmonitor", "filter.x.smudge", "filter.x.process", "diff.x.textconv"):
        git(project, "config", key, str(program))
    hook = project.parent / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(program, hook)
    mark.unlink(missing_ok=True)
    audit(project)
    assert not mark.exists()


def _made(folder, kind, data):
    """An object as no git would make it."""
    words = [GIT, "hash-object", "-w", "-t", kind, "--literally", "--stdin"]
    done = subprocess.run(words, cwd=folder, input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_tree_that_leads_out_is_left_out(project, tmp_path):
    blob = _made(project, "blob", MANIFEST.encode())
    tree = _made(project, "tree", b"100644 ..\0" + bytes.fromhex(blob))
    top = _made(project, "tree", b"40000 service\0" + bytes.fromhex(tree))
    found, _, _ = changes(project, since=top)
    assert found["notes"][0] == f"{top} does not have this directory"


@pytest.mark.parametrize(
    ("since", "sentence"),
    [("nowhere", "git knows no revision nowhere here"), ("--help", "git knows no revision --help")],
)
def test_a_revision_that_is_none(project, since, sentence):
    done = audit(project, f"--since={since}", code=2, since="")
    assert sentence in done.stderr


def test_a_shallow_clone_is_told(project, tmp_path):
    commit_two = MANIFEST + "# more\n"
    (project / "environment.yml").write_text(commit_two)
    commit(project)
    origin = (project.parent).as_uri()
    git(tmp_path, "clone", "-q", "--depth", "1", origin, "clone")
    done = audit(tmp_path / "clone" / "service", code=2, since="HEAD~1")
    assert "This clone is shallow" in done.stderr


def test_wrong_use(project, tmp_path):
    assert "needs a revision" in audit(project, "--fail-on-new", code=2, since="").stderr
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "environment.yml").write_text(MANIFEST)
    assert "in no git repository" in audit(outside, code=2).stderr
    (outside / "conda-meta").mkdir()
    assert "version control" in audit(outside, code=2).stderr


def test_advisories_that_came_and_went(project, tmp_path):
    (project / "preflight.toml").write_text('select = ["vuln/known"]\n')
    records = tmp_path / "records.jsonl"
    rows = [
        {
            "id": f"PYSEC-2026-{number}",
            "modified": "2026-11-01T00:00:00Z",
            "aliases": [f"CVE-2026-{number}"],
            "affected": [
                {
                    "package": {"ecosystem": "PyPI", "name": "numpy"},
                    "ranges": [{"type": "ECOSYSTEM", "events": events}],
                }
            ],
        }
        for number, events in (
            (1, [{"introduced": "0"}, {"fixed": "2.1.1"}]),
            (2, [{"introduced": "2.1.1"}]),
        )
    ]
    records.write_text("".join(json.dumps(row) + "\n" for row in rows))
    db = tmp_path / "advisories.sqlite3"
    with contextlib.chdir(tmp_path), redirect_stdout(io.StringIO()):
        assert cli.run(["db", "import", str(records), "--db", str(db)]) == 0
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON, NEWER))
    report = json.loads(audit(project, "--db", db, "--format", "json").stdout)
    gained = [report["findings"][place]["ids"][0] for place in report["changes"]["gained"]]
    lost = [each["ids"][0] for each in report["changes"]["lost"]]
    assert (gained, lost) == (["CVE-2026-2"], ["CVE-2026-1"])
    comment = audit(project, "--db", db, "--format", "markdown").stdout
    assert "<b>Advisories</b>: 2" in comment


def _project(files):
    sources = (Source(name, "", digest, 0, "utf-8", "\n", ("",)) for name, digest in files.items())
    bad = (Unreadable(name, "", "", Location(name)) for name in files)
    return Project(".", Location("."), (*sources, *bad))


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123")),
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123")),
)
def test_no_file_that_stayed_was_renamed(old, new):
    found = former_paths(_project(old), _project(new))
    assert found.keys() <= new.keys() - old.keys()
    assert set(found.values()) <= old.keys() - new.keys()


def test_the_same_bytes_each_time(project):
    (project / "environment.yml").write_text(MANIFEST + "  - scipy=1.14\n")
    first = audit(project, "--format", "json", code=1).stdout
    assert audit(project, "--format", "json", code=1).stdout == first
    assert os.fspath(project.parent) not in json.dumps(json.loads(first)["changes"])
