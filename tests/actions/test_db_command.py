"""``conda-preflight db``: as a person meets it, and what travels between machines."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import time
from pathlib import Path

import pytest
from advisory_bucket import Bucket, record

from conda_preflight.cli import run
from conda_preflight.engines.advisory_store import AdvisoryStore, DatabaseError

FACTS = Path(os.environ.get("CONDA_PREFLIGHT_FACTS", Path(__file__).parents[3] / "shared/facts"))


@pytest.fixture
def db(tmp_path, monkeypatch):
    for name in ("MAX_AGE", "OSV_URL", "KEV_URL", "EPSS_URL", "NATIVE_URL"):
        monkeypatch.delenv(f"CONDA_PREFLIGHT_{name}", raising=False)
    monkeypatch.setenv("CONDA_PREFLIGHT_DB", str(tmp_path / "a.db"))
    return tmp_path / "a.db"


@pytest.fixture
def bucket(tmp_path):
    made = Bucket(tmp_path / "bucket")
    made.put(*(record(f"PYSEC-2025-{n}", f"project-{n}") for n in range(9)))
    return made


def update(bucket, *more):
    url = bucket.folder.parent.as_uri()
    lists = ("--kev-url", "none", "--epss-url", "none")
    return run(["db", "update", "--osv-url", url, *lists, *more])


def lines_of(*records):
    return "".join(json.dumps(one) + "\n" for one in records)


def test_update_and_status(db, bucket, capsys):
    assert update(bucket) == 0
    assert capsys.readouterr().out == "PyPI: 9 records\n"
    assert run(["db", "status"]) == 0
    shown = capsys.readouterr()
    assert "PyPI: 9 records, 0.0 days old" in shown.out
    assert "CC-BY-4.0 (pypa/advisory-database)" in shown.out
    assert shown.err == ""
    assert run(["db", "status", "--format", "json", "--max-age", "1"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert (held["records"], held["feeds"][0]["name"]) == (9, "PyPI")
    assert len(held["feeds"][0]["sha256"]) == 64


def test_quiet(db, bucket, capsys):
    assert update(bucket, "-q") == 0
    assert capsys.readouterr() == ("", "")


def test_without_a_database_nothing_looks_clean(db, capsys, tmp_path):
    for command in (["db", "status"], ["db", "export", str(tmp_path / "x")]):
        assert run(command) == 2
        assert "There is no advisory database" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_what_is_too_old_is_refused(db, bucket, capsys, monkeypatch):
    file = bucket.folder / "all.zip"
    assert run(["db", "import", str(file)]) == 0
    capsys.readouterr()
    assert run(["db", "status"]) == 0
    assert "`conda-preflight db update` makes them new" in capsys.readouterr().err
    assert run(["db", "status", "--max-age", "5"]) == 2
    assert "5 days are allowed" in capsys.readouterr().err
    monkeypatch.setenv("CONDA_PREFLIGHT_MAX_AGE", "5")
    assert run(["db", "status"]) == 2
    monkeypatch.setenv("CONDA_PREFLIGHT_MAX_AGE", "soon")
    assert run(["db", "status"]) == 2
    assert "number of days" in capsys.readouterr().err


def test_an_export_is_the_same_each_time_and_comes_back(db, bucket, tmp_path):
    update(bucket)
    names = [tmp_path / f"{n}.jsonl.gz" for n in "abc"]
    assert run(["db", "export", str(names[0])]) == 0
    time.sleep(1.1)
    assert run(["db", "export", str(names[1])]) == 0
    other = str(tmp_path / "other.db")
    assert run(["db", "import", str(names[0]), "--db", other]) == 0
    assert run(["db", "export", str(names[2]), "--db", other]) == 0
    assert len({name.read_bytes() for name in names}) == 1
    with AdvisoryStore(db) as one, AdvisoryStore(Path(other)) as two:
        assert one.feeds == two.feeds
        assert [a.id for a in two.lookup("PyPI", "project-3")] == ["PYSEC-2025-3"]


def test_imports_add_and_renew(db, tmp_path, capsys):
    native = record("CVE-2025-1", "libx")
    native["affected"][0]["package"]["ecosystem"] = "Upstream"
    (tmp_path / "one.jsonl").write_text(lines_of(record("CVE-2025-1", "x"), record("X-2", "x")))
    (tmp_path / "two.jsonl.gz").write_bytes(gzip.compress(lines_of(native).encode()))
    files = [str(tmp_path / name) for name in ("one.jsonl", "two.jsonl.gz")]
    assert run(["db", "import", *files]) == 0
    assert capsys.readouterr().out == "PyPI (imported): 2 records\nUpstream (imported): 1 records\n"
    (tmp_path / "one.jsonl").write_text("not json\n" + lines_of(record("X-2", "y")))
    assert run(["db", "import", files[0]]) == 0
    with AdvisoryStore(db) as store:
        assert [one.id for one in store.lookup("PyPI", "x")] == ["CVE-2025-1"]
        assert [one.id for one in store.lookup("PyPI", "y")] == ["X-2"]
        assert [one.id for one in store.lookup("Upstream", "LibX")] == ["CVE-2025-1"]
        assert store.feeds[0].problems == (
            "could not be read and are left out: line 1 (a record is not JSON)",
        )


def test_of_one_id_the_newest_record_counts(db, bucket, tmp_path):
    update(bucket)
    newer = record("PYSEC-2025-3", "project-3", modified="2026-05-01T00:00:00Z", summary="new")
    older = record("PYSEC-2025-4", "project-4", modified="2020-05-01T00:00:00Z", summary="old")
    (tmp_path / "x.jsonl").write_text(lines_of(newer, older))
    assert run(["db", "import", str(tmp_path / "x.jsonl")]) == 0
    with AdvisoryStore(db) as store:
        assert [one.summary for one in store.lookup("PyPI", "project-3")] == ["new"]
        assert [one.summary for one in store.lookup("PyPI", "project-4")] == [""]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\x1f\x8b\x08broken",
        b"PK\x03\x04broken",
        b"[" * 99_999,
        b'{"format":"conda-preflight/advisories/9"}',
        b'{"format":"conda-preflight/advisories/1","feeds":[{"a":1}]}',
        b'{"format":"conda-preflight/advisories/1","feeds":[]}\nx',
    ],
)
def test_what_cannot_be_imported_changes_nothing(db, bucket, tmp_path, content, capsys):
    update(bucket)
    before = db.read_bytes()
    (tmp_path / "x").write_bytes(content)
    assert run(["db", "import", str(tmp_path / "x")]) == 2
    assert "conda-preflight: " in capsys.readouterr().err
    assert db.read_bytes() == before


def test_a_cut_export_is_refused(db, bucket, tmp_path):
    update(bucket)
    file = tmp_path / "x.jsonl.gz"
    run(["db", "export", str(file)])
    before = db.read_bytes()
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(lines[:4])))
    assert run(["db", "import", str(file)]) == 2
    assert run(["db", "import", str(file), "--db", str(tmp_path / "new.db")]) == 2
    assert not (tmp_path / "new.db").exists()
    file.write_bytes(gzip.compress(b"".join(lines))[:-20])
    assert run(["db", "import", str(file)]) == 2
    assert db.read_bytes() == before


def test_a_database_of_another_version_says_so(db, bucket, capsys):
    update(bucket)
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseError, match="of version 99"):
        AdvisoryStore(db)
    assert update(bucket) == 0
    assert "it was made anew" in capsys.readouterr().err


def test_hostile_texts_cannot_act_on_a_terminal(db, tmp_path, capsys):
    bad = '{"id": "\\u001b[31mX"}\n' + lines_of(record("X-1", "x"))
    (tmp_path / "x.jsonl").write_text(bad)
    assert run(["db", "import", str(tmp_path / "x.jsonl")]) == 0
    assert run(["db", "status"]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.corpus
def test_a_real_bucket(db, tmp_path, capsys):
    bucket = FACTS / "vuln" / "osv-bucket"
    if not bucket.exists():
        pytest.skip(f"{bucket} is not there")
    native = (FACTS / "vuln" / "osv-native.jsonl.gz").as_uri()
    kev = (FACTS / "vuln" / "known_exploited_vulnerabilities.json").as_uri()
    command = ["db", "update", "--osv-url", bucket.as_uri(), "--native-url", native]
    assert run([*command, "--kev-url", kev, "--epss-url", "none", "--offline"]) == 0
    assert capsys.readouterr().out == "PyPI: 5163 records\nUpstream: 6225 records\nKEV: 1404 CVEs\n"
    assert db.stat().st_size < 12_000_000
    with AdvisoryStore(db) as store:
        assert all(not one.problems for one in store.feeds)
        assert len(store.lookup("PyPI", "tensorflow")) > 400
        assert store.lookup("Upstream", "openssl")
        assert store.exploited(["CVE-2023-4863"]) == {"CVE-2023-4863": "2023-09-13"}
