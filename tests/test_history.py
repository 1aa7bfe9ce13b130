"""``history`` and the records that commands leave, as a person meets them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.ledger.book import open_ledger

GIT = shutil.which("git") or ""
MANIFEST = "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - numpy{}\n"
LOCK = "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/zlib-{}-h0_0.conda#{}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "environment.yml").write_text(MANIFEST.format(""))
    (folder / "conda-linux-64.lock").write_text(LOCK.format("1.2.12", "a" * 32))
    monkeypatch.setenv("CONDA_PREFLIGHT_LEDGER", str(tmp_path / "ledger.db"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(folder)
    return folder


def git(*words: str) -> None:
    who = ("-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org")
    subprocess.run([GIT, *who, *words], check=True, capture_output=True)


def commit(subject: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", subject)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert run(list(words)) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def audited(capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert run(["audit", "-q", *words]) in (0, 1, 2)
    assert capsys.readouterr().err == ""


def ledger():
    return open_ledger(os.environ["CONDA_PREFLIGHT_LEDGER"])


def test_an_audit_is_recorded_and_shown(project, capsys):
    audited(capsys)
    (project / "environment.yml").write_text(MANIFEST.format("=1.26"))
    audited(capsys)
    out = told(capsys, "history")
    assert "2 records" in out
    assert "NO-GO" in out
    shown = json.loads(told(capsys, "history", "--format", "json"))
    new, old = shown["records"]
    assert (old["came"] > 0, old["went"], old["moved"]) == (True, 0, 1)
    assert (old["first"], new["first"]) == (True, False)
    assert "1 first seen" in out
    assert new["went"] >= 1
    assert new["project"].endswith(f":{project.resolve().as_posix()}")
    assert told(capsys, "history", "--format", "markdown").startswith("## ")


def test_what_changed_between_two_records(project, capsys):
    audited(capsys)
    (project / "conda-linux-64.lock").write_text(LOCK.format("1.3.1", "b" * 32))
    (project / "environment.yml").write_text(MANIFEST.format("=1.26"))
    audited(capsys)
    out = told(capsys, "history", "1", "2")
    assert "went  manifest/unpinned-core-package" in out
    assert "zlib" in out
    assert "1.2.12" in out
    assert told(capsys, "history", "diff", "1", "2") == out
    shown = json.loads(told(capsys, "history", "1", "2", "--format", "json"))
    assert shown["differs"] is True
    assert shown["packages"]["counts"] == {"upgraded": 1}
    assert "upgraded" in told(capsys, "history", "1", "2", "--format", "markdown")
    same = told(capsys, "history", "2", "2")
    assert "No difference." in same


def test_a_finding_and_a_package_over_time(project, capsys):
    audited(capsys)
    (project / "conda-linux-64.lock").write_text(LOCK.format("1.3.1", "b" * 32))
    (project / "environment.yml").write_text(MANIFEST.format("=1.26"))
    audited(capsys)
    rule = "manifest/unpinned-core-package"
    found = json.loads(told(capsys, "history", "--finding", rule, "--format", "json"))
    (spell,) = found["findings"]
    assert (spell["came"], spell["went"], spell["about"]) == (1, 2, "numpy")
    assert "#2" in told(capsys, "history", "--finding", spell["fingerprint"][:10])
    assert "No record has such" in told(capsys, "history", "--finding", "lock/no-such")
    out = told(capsys, "history", "--package", "zlib")
    assert "changed" in out
    assert "1.2.12 h0_0 -> 1.3.1 h0_0" in out
    assert "first seen" in out
    assert "No record has nope" in told(capsys, "history", "--package", "nope")


def test_packages_of_a_prefix_stay_where_it_was_not_looked_at(project, capsys, tmp_path):
    (tmp_path / "env" / "conda-meta").mkdir(parents=True)
    record = {"name": "zlib", "version": "1.2.12", "build": "h0_0", "files": []}
    (tmp_path / "env" / "conda-meta" / "zlib-1.2.12-h0_0.json").write_text(json.dumps(record))
    audited(capsys, "--prefix", str(tmp_path / "env"))
    audited(capsys)
    out = told(capsys, "history", "--package", "zlib")
    assert "env/" in out
    assert "removed" not in out


def test_part_of_the_checklist_makes_nothing_gone(project, capsys):
    audited(capsys)
    audited(capsys, "--select", "lock")
    audited(capsys, "--ignore", "manifest")
    with ledger() as book:
        gone = book.spells(None, rule="manifest/unpinned-core-package")
        assert [spell.went for spell in gone] == [None]
        assert book.verify().faults == ()


def test_projects_by_name_and_by_path(project, capsys):
    audited(capsys)
    audited(capsys, "environment.yml")
    assert "2 records" in told(capsys, "history", "repo")
    assert "1 record" in told(capsys, "history", "environment.yml")
    known = json.loads(told(capsys, "history", "--projects", "--format", "json"))
    assert {each["subject"] for each in known["projects"]} == {".", "environment.yml"}
    assert "repo" in told(capsys, "history", "--projects")
    assert run(["history", "nowhere"]) == 2
    assert "neither a path here nor a project" in capsys.readouterr().err


def test_older_records_are_on_the_next_page(project, capsys):
    for _ in range(3):
        audited(capsys)
    out = told(capsys, "history", "--limit", "2")
    assert "--before 2" in out
    assert "1 record" in told(capsys, "history", "--before", "2")


def test_verify_and_head(project, capsys, tmp_path):
    audited(capsys)
    head = told(capsys, "history", "--head").strip()
    assert len(head) == 64
    assert head in told(capsys, "history", "--verify", "--head", head)
    with ledger() as book:
        book._store.run("UPDATE record SET body = replace(body, 'NO_GO', 'GO')")
    out = told(capsys, "history", "--verify", code=1)
    assert "is not what was written" in out
    shown = json.loads(told(capsys, "history", "--verify", "--format", "json", code=1))
    assert shown["whole"] is False


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--verify", "--projects"), "different questions"),
        (("--head", "ab" * 32), "compared by --verify"),
        (("1", "2", "3"), "One project"),
        (("1", "9"), "no record 9"),
        (("1", "x"), "no record x"),
        (("--git", "nowhere"), "There is no nowhere"),
        (("--ledger", "mysql://h/d"), "mysql:// is no ledger"),
    ],
)
def test_wrong_use(project, capsys, words, why):
    audited(capsys)
    assert run(["history", *words]) == 2
    assert why in capsys.readouterr().err


def test_no_ledger_and_a_ledger_that_is_off(project, capsys, monkeypatch):
    assert run(["history"]) == 2
    assert "There is no ledger at" in capsys.readouterr().err
    monkeypatch.setenv("CONDA_PREFLIGHT_LEDGER", "off")
    assert run(["history"]) == 2
    assert "it is off" in capsys.readouterr().err


def test_nothing_is_recorded_where_nobody_wants_it(project, capsys, tmp_path, monkeypatch):
    audited(capsys, "--no-ledger")
    assert not (tmp_path / "ledger.db").exists()
    audited(capsys, "--ledger", str(tmp_path / "other.db"))
    assert (tmp_path / "other.db").exists()
    assert not (tmp_path / "ledger.db").exists()


def test_the_usual_place_is_the_state_folder(project, capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("CONDA_PREFLIGHT_LEDGER")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    audited(capsys)
    folder = tmp_path / "state" / "conda-preflight"
    assert (folder / "ledger.db").is_file()
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"precious", b"SQLite format 3\0" + b"x" * 200])
def test_a_foreign_file_is_a_warning_and_stays(project, capsys, tmp_path, content):
    file = tmp_path / "ledger.db"
    file.write_bytes(content)
    assert run(["audit", "-q"]) == 1
    assert "This was not recorded:" in capsys.readouterr().err
    assert file.read_bytes() == content


def test_a_database_of_somebody_else_is_not_written_to(project, capsys, tmp_path):
    import sqlite3

    file = tmp_path / "ledger.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = file.read_bytes()
    assert run(["audit", "-q"]) == 1
    assert "something else than a ledger" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_settings_name_a_ledger_in_the_project(project, capsys, monkeypatch):
    monkeypatch.delenv("CONDA_PREFLIGHT_LEDGER")
    (project / "preflight.toml").write_text('[ledger]\nurl = "past/ledger.db"\nreports = true\n')
    audited(capsys)
    with open_ledger(str(project / "past" / "ledger.db")) as book:
        record = book.record(1)
    assert json.loads(record.report)["schema_version"] == 1
    assert "1 record" in told(capsys, "history")


def test_settings_cannot_make_a_file_elsewhere(project, capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("CONDA_PREFLIGHT_LEDGER")
    (project / "preflight.toml").write_text('[ledger]\nurl = "../elsewhere.db"\n')
    assert run(["audit", "-q"]) == 1
    assert "outside of" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("text", ["ledger = 1", "[ledger]\nurl = 1", "[ledger]\nlink = 'x'"])
def test_settings_that_are_none(project, capsys, text):
    (project / "preflight.toml").write_text(text + "\n")
    assert run(["audit", "-q"]) == 2
    assert "ledger" in capsys.readouterr().err


def test_without_a_network_no_server_is_asked(project, capsys):
    words = ["audit", "-q", "--offline", "--ledger", "postgresql://jane:secret@db.example/x"]
    assert run(words) == 1
    err = capsys.readouterr().err
    assert "--offline" in err
    assert "secret" not in err


def test_a_server_that_is_not_there_is_a_warning_without_credentials(project, capsys):
    pytest.importorskip("psycopg")
    url = "postgresql://jane:secret@127.0.0.1:9/x"
    assert run(["audit", "-q", "--ledger", url]) == 1
    err = capsys.readouterr().err
    assert "This was not recorded: The ledger postgresql://***:***@127.0.0.1:9/x" in err
    assert "secret" not in err


def test_the_report_in_json_is_recorded_by_its_digest(project, capsys):
    import hashlib

    run(["audit", "--format", "json"])
    out = capsys.readouterr().out
    with ledger() as book:
        record = book.record(1)
    assert record.report_sha256 == hashlib.sha256(out.encode()).hexdigest()
    assert record.report == ""


@pytest.mark.skipif(not GIT, reason="git makes the repository of this test")
def test_revision_branch_and_whether_it_was_committed(project, capsys):
    git("init", "-q", "-b", "trunk")
    git("remote", "add", "origin", "https://jane:secret@git.example/Team/repo.git")
    commit("First")
    audited(capsys)
    (project / "environment.yml").write_text(MANIFEST.format("=1.26"))
    audited(capsys)
    commit("Second")
    audited(capsys)
    with ledger() as book:
        first, second, third = (book.record(number) for number in (1, 2, 3))
    assert {each.project for each in (first, second, third)} == {"git.example/Team/repo"}
    assert (first.branch, first.dirty, second.dirty, third.dirty) == ("trunk", False, True, False)
    assert first.revision == second.revision != third.revision
    assert first.user
    assert "Jane Doe" in told(capsys, "history", "--package", "zlib")


def test_lock_check_probe_and_a_failing_one(project, capsys, tmp_path):
    assert run(["lock", "--check"]) in (0, 1, 2)
    assert run(["probe", "--output", str(tmp_path / "host.json")]) == 0
    with ledger() as book:
        probe, check = book.latest()
        assert (check.command, probe.command) == ("lock --check", "probe")
        assert probe.project.startswith("machine:")
        assert book.record(probe.seq).facts["os"] == "linux"


@pytest.mark.skipif(not GIT, reason="git makes the repository of this test")
class TestGit:
    @pytest.fixture(autouse=True)
    def repository(self, project):
        git("init", "-q")
        commit("First environment")
        (project / "environment.yml").write_text(MANIFEST.format("=1.26"))
        commit("Pin numpy")
        (project / "conda-linux-64.lock").write_text(LOCK.format("1.3.1", "b" * 32))
        commit("Newer \x1b[31mzlib")
        (project / "other.txt").write_text("x")
        commit("Nothing of ours")

    def test_commits_are_environment_history(self, project, capsys):
        out = told(capsys, "history", "--git")
        assert out.index("Newer") < out.index("Pin numpy") < out.index("First environment")
        assert "~ numpy -> numpy=1.26" in out
        assert "~ zlib 1.2.12 -> 1.3.1" in out
        assert "Nothing of ours" not in out
        assert "\x1b" not in out
        assert "The manifest changed without its lock." in out
        assert "The lock changed without its manifest." in out

    def test_json_and_markdown(self, project, capsys):
        shown = json.loads(told(capsys, "history", "--git", "--format", "json"))
        newest, pinned, first = shown["commits"]
        assert newest["flags"] == ["The lock changed without its manifest."]
        assert newest["files"][0]["difference"]["counts"] == {"upgraded": 1}
        assert pinned["author"] == "Jane Doe"
        assert {file["event"] for file in first["files"]} == {"added"}
        assert first["flags"] == []
        out = told(capsys, "history", "--git", "--format", "markdown")
        assert out.count("\n") == 5

    def test_a_limit_and_a_single_file(self, project, capsys):
        assert told(capsys, "history", "--git", "--limit", "1").count("Jane Doe") == 1
        out = told(capsys, "history", "--git", "environment.yml")
        assert "Newer" not in out
        assert "Pin numpy" in out

    def test_renames_are_followed(self, project, capsys):
        git("mv", "environment.yml", "environment.yaml")
        commit("Another name")
        out = told(capsys, "history", "--git", "environment.yaml")
        assert "Another name" in out
        assert "says the same" in out
        assert "Pin numpy" in out

    def test_what_cannot_be_read_is_told_and_the_rest_goes_on(self, project, capsys):
        (project / "environment.yml").write_text("a: [\n")
        commit("Broken")
        (project / "environment.yml").write_text(MANIFEST.format("=1.27"))
        commit("Mended")
        out = told(capsys, "history", "--git")
        assert "cannot be compared" in out
        assert "First environment" in out

    def test_no_program_of_the_repository_runs(self, project, capsys, tmp_path):
        trap = tmp_path / "trap.sh"
        trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
        trap.chmod(0o755)
        for key in (
            "gpg.program",
            "diff.external",
            "diff.x.textconv",
            "diff.x.command",
            "filter.x.clean",
            "filter.x.smudge",
            "core.pager",
            "core.fsmonitor",
            "core.sshCommand",
            "interactive.diffFilter",
        ):
            git("config", key, str(trap))
        git("config", "log.showSignature", "true")
        (project / ".gitattributes").write_text("* diff=x filter=x\n")
        (project / "environment.yml").write_text(MANIFEST.format("=1.25"))
        told(capsys, "history", "--git")
        audited(capsys)
        told(capsys, "history", "--package", "zlib")
        assert not (tmp_path / "sprung").exists()

    def test_a_folder_without_git_or_without_files(self, capsys, tmp_path, monkeypatch):
        empty = tmp_path / "empty"
        empty.mkdir()
        assert run(["history", "--git", str(empty)]) == 2
        assert "no git repository" in capsys.readouterr().err
