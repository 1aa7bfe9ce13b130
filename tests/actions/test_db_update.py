"""A database is made new from a bucket; whatever happens meanwhile, the one before answers."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from advisory_bucket import Bucket, Server, record

from conda_preflight.actions.db_update import Wanted, update
from conda_preflight.engines.advisory_store import AdvisoryStore, DatabaseError, ForeignError
from conda_preflight.engines.advisory_swap import draft, the_only
from conda_preflight.engines.advisory_web import Web
from conda_preflight.errors import PreflightError

KEV = {
    "vulnerabilities": [
        {"cveID": "CVE-2025-1111", "dateAdded": "2025-05-01"},
        {"cveID": "no", "dateAdded": "x"},
    ]
}
EPSS = "#model_version:v1,score_date:2026-01-01\ncve,epss,percentile\nCVE-2025-1111,0.5,1\nx,2,3\n"
PROGRAM = Path(sys.executable).with_name("conda-preflight")


@pytest.fixture
def bucket(tmp_path):
    made = Bucket(tmp_path / "bucket")
    made.put(*(record(f"PYSEC-2025-{n}", f"some.Project_{n % 7}") for n in range(40)))
    (tmp_path / "bucket" / "kev.json").write_text(json.dumps(KEV))
    (tmp_path / "bucket" / "epss.csv.gz").write_bytes(gzip.compress(EPSS.encode()))
    return made


@pytest.fixture
def server(tmp_path, bucket):
    with Server(tmp_path / "bucket") as running:
        yield running


@pytest.fixture
def wanted(tmp_path, server):
    def make(**more):
        lists = {"kev_url": "none", "epss_url": "none"}
        return Wanted(tmp_path / "db" / "a.db", osv_url=server.url, **{**lists, **more})

    return make


def run(wanted, **more):
    return update(wanted, Web(pause=0.01, stall=2, **more), lambda *_: None)


def records(wanted):
    with AdvisoryStore(wanted.file) as store:
        store.check()
        (feed,) = (one for one in store.feeds if one.name == "PyPI")
        return feed.records


def left(wanted):
    return sorted(one.name for one in wanted.file.parent.iterdir())


def test_all_of_it(wanted, server, tmp_path):
    chosen = wanted(kev_url=f"{server.url}/kev.json", epss_url=f"{server.url}/epss.csv.gz")
    done = run(chosen)
    assert done.good
    assert [(one.name, one.said) for one in done.steps] == [
        ("PyPI", "40 records"),
        ("KEV", "1 CVEs"),
        ("EPSS", "1 CVEs"),
    ]
    with AdvisoryStore(chosen.file) as store:
        found = store.lookup("PyPI", "Some-Project.1")
        assert [one.id for one in found] == [f"PYSEC-2025-{n}" for n in (1, 15, 22, 29, 36, 8)]
        assert found[0].affected[0].ranges == ((("introduced", "0"), ("fixed", "2.0")),)
        assert store.lookup("PyPI", "another") == ()
        assert store.exploited(["CVE-2025-1111", "GHSA-x", "no"]) == {"CVE-2025-1111": "2025-05-01"}
        assert store.likelihoods(["CVE-2025-1111"]) == {"CVE-2025-1111": 0.5}
        assert store.ecosystems == ("PyPI",)
    assert left(chosen) == ["a.db", "a.db.lock"]


def test_nothing_new_is_not_fetched(wanted, server):
    chosen = wanted(kev_url=f"{server.url}/kev.json")
    run(chosen)
    server.asked.clear()
    assert [one.said for one in run(chosen).steps] == ["unchanged", "unchanged"]
    assert "/PyPI/all.zip" not in server.asked
    assert server.headers[-1]["If-None-Match"]


def test_what_changed_comes_record_by_record(wanted, server, bucket):
    run(wanted())
    server.asked.clear()
    new = record("PYSEC-2026-1", "new", modified="2026-02-01T00:00:00Z")
    changed = record("PYSEC-2025-3", "moved", modified="2026-02-02T00:00:00Z")
    bucket.put(new, changed, whole=False)
    bucket.forget("PYSEC-2025-5")
    assert run(wanted()).steps[0].said == "2 new or changed, 1 gone"
    assert sorted(server.asked) == [
        "/PyPI/PYSEC-2025-3.json",
        "/PyPI/PYSEC-2026-1.json",
        "/PyPI/modified_id.csv",
        "/ecosystems.txt",
    ]
    with AdvisoryStore(wanted().file) as store:
        assert [one.id for one in store.lookup("PyPI", "moved")] == ["PYSEC-2025-3"]
        assert "PYSEC-2025-3" not in {one.id for one in store.lookup("PyPI", "some-project-3")}
        assert "PYSEC-2025-5" not in {one.id for one in store.lookup("PyPI", "some-project-5")}
    assert records(wanted()) == 40
    server.asked.clear()
    assert run(wanted()).steps[0].said == "unchanged"
    assert server.asked == ["/ecosystems.txt", "/PyPI/modified_id.csv"]


def test_a_zip_that_lacks_records_is_completed(wanted, bucket):
    bucket.put(record("PYSEC-2026-7", "late", modified="2026-03-01T00:00:00Z"), whole=False)
    run(wanted())
    assert records(wanted()) == 41


def test_listed_records_that_are_not_there_are_told(wanted, bucket):
    listed = bucket.folder / "modified_id.csv"
    listed.write_text(listed.read_text() + "2026-03-01T00:00:00Z,PYSEC-2026-9\n")
    assert run(wanted()).good
    with AdvisoryStore(wanted().file) as store:
        assert store.feeds[0].problems == ("1 new records of its list are lacking",)


def test_a_bucket_without_a_list(wanted, bucket, server):
    (bucket.folder / "modified_id.csv").unlink()
    assert run(wanted()).steps[0].said == "40 records"
    assert run(wanted()).steps[0].said == "unchanged"


def test_bitnami_comes_where_the_bucket_has_it(wanted, tmp_path):
    other = Bucket(tmp_path / "bucket", "Bitnami")
    made = record("BIT-node-2025-1", "node")
    made["affected"][0]["package"]["ecosystem"] = "Bitnami"
    other.put(made)
    assert [one.name for one in run(wanted()).steps] == ["PyPI"]
    (tmp_path / "bucket" / "ecosystems.txt").write_text("Bitnami\nPyPI\nnpm\n")
    assert [one.name for one in run(wanted()).steps] == ["PyPI", "Bitnami"]
    with AdvisoryStore(wanted().file) as store:
        assert [one.id for one in store.lookup("Upstream", "nodejs")] == ["BIT-node-2025-1"]
    assert [one.said for one in run(wanted()).steps] == ["unchanged", "unchanged"]


def test_records_from_a_disk(wanted, tmp_path):
    chosen = wanted(native_url=str(tmp_path / "native.jsonl"))
    native = record("CURL-1", "libX")
    native["affected"][0]["package"]["ecosystem"] = "Upstream"
    (tmp_path / "native.jsonl").write_text(json.dumps(native) + "\n\n")
    urls = {"osv_url": (tmp_path / "bucket").as_uri(), "native_url": chosen.native_url}
    local = Wanted(chosen.file, kev_url="none", epss_url="none", **urls)
    assert [one.said for one in run(local, offline=True).steps] == ["40 records", "1 records"]
    assert [one.said for one in run(local, offline=True).steps] == ["unchanged", "unchanged"]
    with AdvisoryStore(local.file) as store:
        assert store.lookup("Upstream", "LIBX")[0].affected[0].name == "libx"


def test_offline_asks_no_server(wanted, server):
    with pytest.raises(PreflightError, match="--offline forbids it"):
        run(wanted(), offline=True)
    assert server.asked == []


def test_a_cut_connection_is_taken_up(wanted, server):
    server.cuts = [1000, 500]
    assert run(wanted()).good
    ranges = [headers["Range"] for headers in server.headers if headers["Range"]]
    assert ranges == ["bytes=1000-", "bytes=1500-"]


def test_a_part_is_taken_up_by_the_next_update(wanted, server, bucket):
    run(wanted())
    bucket.put(*(record(f"PYSEC-2026-{n}", "more") for n in range(1500)))
    server.cuts = [100, 100, 100, 100]
    with pytest.raises(PreflightError, match="broke the connection off"):
        run(wanted())
    assert records(wanted()) == 40
    server.cuts, server.headers = [], []
    assert run(wanted()).steps[0].said == "1540 records"
    assert "bytes=400-" in [headers["Range"] for headers in server.headers]
    assert left(wanted()) == ["a.db", "a.db.lock"]


def test_a_part_of_another_file_is_not_taken_up(wanted, server, bucket):
    server.cuts = [100, 100, 100, 100]
    with pytest.raises(PreflightError):
        run(wanted())
    bucket.put(record("PYSEC-2026-1", "new"))
    assert run(wanted()).steps[0].said == "41 records"


def test_a_busy_server_is_asked_again(wanted, server):
    server.statuses = [503, 429]
    assert run(wanted()).good
    server.statuses = [503] * 9
    with pytest.raises(PreflightError, match="HTTP 503"):
        run(wanted())
    assert records(wanted()) == 40


def damaged_zip(bucket):
    file = bucket.folder / "all.zip"
    file.write_bytes(file.read_bytes()[:-200])


def wrong_digest(bucket):
    file = bucket.folder / "all.zip"
    content = bytearray(file.read_bytes())
    content[60:70] = b"x" * 10
    file.write_bytes(content)


def bomb(bucket):
    with zipfile.ZipFile(bucket.folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"PYSEC-2026-{number}.json", b" " * 4_000_000)


def nothing(bucket):
    with zipfile.ZipFile(bucket.folder / "all.zip", "w"):
        pass


def page(bucket):
    (bucket.folder / "all.zip").write_text("<html>log in</html>")


def shrunk(bucket):
    bucket.records = dict(list(bucket.records.items())[:19])
    bucket.pack()


@pytest.mark.parametrize("spoil", [damaged_zip, wrong_digest, bomb, nothing, page, shrunk])
def test_what_is_damaged_is_refused(wanted, bucket, spoil):
    run(wanted())
    before = wanted().file.read_bytes()
    spoil(bucket)
    (bucket.folder / "modified_id.csv").unlink()
    with pytest.raises(PreflightError) as caught:
        run(wanted(full=True))
    assert caught.value.message.startswith((wanted().osv_url, "PyPI"))
    assert wanted().file.read_bytes() == before
    assert left(wanted()) == ["a.db", "a.db.lock"]


def test_less_than_half_is_taken_by_force(wanted, bucket):
    run(wanted())
    bucket.forget(*list(bucket.records)[:30])
    bucket.pack()
    with pytest.raises(PreflightError, match="has 10 records now, and had 40"):
        run(wanted())
    assert run(wanted(force=True)).good
    assert records(wanted()) == 10


HOSTILE = {
    "PYSEC-2026-deep": "[" * 100_000,
    "PYSEC-2026-list": "[1, 2]",
    "PYSEC-2026-bytes": b"\xff\xfe\x00",
    "PYSEC-2026-id": json.dumps({"id": "../../etc/passwd"}),
    "PYSEC-2026-events": json.dumps(
        {
            "id": "PYSEC-2026-events",
            "affected": [{"package": {"ecosystem": "PyPI", "name": "x"}, "ranges": "no"}],
        }
    ),
    "PYSEC-2026-many": json.dumps({"id": "PYSEC-2026-many", "affected": [{}] * 2000}),
}


def test_hostile_records_are_left_out_and_told(wanted, bucket):
    text = record("PYSEC-2026-text", "text", summary="\x1b[31m\ud800 x", details="y" * 90_000)
    bucket.put(text)
    bucket.pack(**HOSTILE)
    assert run(wanted()).good
    assert records(wanted()) == 41
    with AdvisoryStore(wanted().file) as store:
        (found,) = store.lookup("PyPI", "text")
        assert "PYSEC-2026-bytes" in store.feeds[0].problems[0]
        assert "6" not in store.feeds[0].problems[0].partition(" ")[0]
    assert found.summary == "\x1b[31m? x"
    assert len(found.words) == 3000


def test_names_in_a_zip_are_no_paths(wanted, bucket, tmp_path):
    content = json.dumps(record("PYSEC-2026-1", "out"))
    with zipfile.ZipFile(bucket.folder / "all.zip", "a") as archive:
        archive.writestr("../../../escaped.json", content)
    run(wanted())
    assert not list(tmp_path.rglob("escaped*"))
    assert records(wanted()) == 41


def test_one_source_fails_and_the_others_are_new(wanted, server):
    done = run(wanted(native_url=f"{server.url}/gone.jsonl", kev_url=f"{server.url}/kev.json"))
    assert not done.good
    assert [(one.name, bool(one.error)) for one in done.steps] == [
        ("PyPI", False),
        ("Upstream", True),
        ("KEV", False),
    ]
    assert records(wanted()) == 40


def test_a_list_that_fails_is_told_and_no_more(wanted, server):
    done = run(wanted(kev_url=f"{server.url}/gone.json"))
    assert done.good
    assert "does not have it" in done.steps[1].error


def test_two_updates_at_once(wanted, tmp_path):
    run(wanted())
    with the_only(wanted().file):
        with pytest.raises(DatabaseError, match="Another process"):
            run(wanted())
        assert records(wanted()) == 40
    assert run(wanted()).good


def test_a_killed_update_leaves_the_one_before(wanted, tmp_path):
    run(wanted())
    script = (
        "import sys, time; from pathlib import Path;"
        "from conda_preflight.engines.advisory_swap import draft, the_only;"
        "file = Path(sys.argv[1]);\n"
        "with the_only(file), draft(file) as one:\n"
        "    one.clear('PyPI'); print('in', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(wanted().file)], stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout.read(2) == b"in"
        with pytest.raises(DatabaseError, match="Another process"):
            run(wanted())
        child.send_signal(signal.SIGKILL)
    assert any(name.endswith(".draft") for name in left(wanted()))
    assert records(wanted()) == 40
    assert run(wanted()).good
    assert left(wanted()) == ["a.db", "a.db.lock"]


@pytest.mark.parametrize("is_download", [True, False])
def test_a_full_disk_leaves_the_one_before(wanted, server, bucket, tmp_path, is_download):
    run(wanted())
    before = wanted().file.read_bytes()
    texts = (os.urandom(2500).hex() for _ in range(1200))
    bucket.put(*(record(f"PYSEC-2026-{n}", "more", details=t) for n, t in enumerate(texts)))
    environment = {**os.environ, "CONDA_PREFLIGHT_DB": str(wanted().file)}
    url = server.url if is_download else (tmp_path / "bucket").as_uri()
    command = [PROGRAM, "db", "update", "--osv-url", url, "--kev-url", "none", "--epss-url", "none"]
    for size in (4096, 50_000, 800_000):
        done = subprocess.run(
            command,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),  # noqa: B023
        )
        assert done.returncode == 2, (size, done)
        assert "The disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        assert wanted().file.read_bytes() == before
        assert left(wanted()) == ["a.db", "a.db.lock"]


def test_a_full_file_system(tmp_path, wanted, bucket):
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        file = place / "a.db"
        small = Wanted(file, osv_url=wanted().osv_url, kev_url="none", epss_url="none")
        run(small)
        texts = (os.urandom(2500).hex() for _ in range(1200))
        bucket.put(*(record(f"PYSEC-2026-{n}", "more", details=t) for n, t in enumerate(texts)))
        with pytest.raises(DatabaseError, match="The disk is full"):
            run(small)
        assert records(small) == 40
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_reader_goes_on_while_it_is_replaced(wanted, bucket):
    run(wanted())
    with AdvisoryStore(wanted().file) as store:
        bucket.put(record("PYSEC-2026-1", "new", modified="2026-02-01T00:00:00Z"))
        run(wanted())
        assert store.lookup("PyPI", "new") == ()
        assert store.lookup("PyPI", "some-project-1")
    with AdvisoryStore(wanted().file) as store:
        assert store.lookup("PyPI", "new")


def test_a_damaged_database_says_so_and_is_made_anew(wanted):
    run(wanted())
    content = bytearray(wanted().file.read_bytes())
    content[5000:9000] = b"\x00" * 4000
    wanted().file.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged"), AdvisoryStore(wanted().file) as store:
        store.check()
    done = run(wanted())
    assert "damaged: it was made anew" in done.notes[-1]
    assert records(wanted()) == 40


@pytest.mark.parametrize("content", [b"name: x\n", b"SQLite format 3\0" + bytes(84)])
def test_another_file_is_never_written_over(wanted, content):
    wanted().file.parent.mkdir()
    wanted().file.write_bytes(content)
    with pytest.raises(ForeignError):
        run(wanted())
    assert wanted().file.read_bytes() == content
    assert left(wanted()) == ["a.db"]


def test_absent_and_empty_databases_do_not_look_clean(tmp_path):
    with pytest.raises(DatabaseError, match="There is no advisory database"):
        AdvisoryStore(tmp_path / "a.db")
    (tmp_path / "b.db").touch()
    with pytest.raises(DatabaseError, match="is empty"):
        AdvisoryStore(tmp_path / "b.db")
    with pytest.raises(DatabaseError, match="is empty"), draft(tmp_path / "c.db", fresh=True):
        pass
    assert not (tmp_path / "c.db").exists()


def test_a_login_is_sent_and_never_shown(wanted, server):
    url = server.url.replace("//", "//someone:verysecret@")
    chosen = wanted()
    run(Wanted(chosen.file, osv_url=url, kev_url="none", epss_url="none"))
    assert server.headers[0]["Authorization"].startswith("Basic ")
    with AdvisoryStore(chosen.file) as store:
        assert "verysecret" not in store.feeds[0].url
    server.statuses = [403] * 9
    with pytest.raises(PreflightError) as caught:
        run(Wanted(chosen.file, osv_url=url, kev_url="none", epss_url="none"))
    assert "verysecret" not in caught.value.message


def test_a_silent_server_is_not_waited_for(wanted, server, monkeypatch):
    monkeypatch.setattr("advisory_bucket._Handler.do_GET", lambda self: time.sleep(5))
    begun = time.monotonic()
    with pytest.raises(PreflightError, match="is silent"):
        update(wanted(), Web(pause=0.01, stall=0.3), lambda *_: None)
    assert time.monotonic() - begun < 4


def test_an_ecosystem_is_no_path(wanted):
    with pytest.raises(PreflightError, match="no ecosystem"):
        run(wanted(ecosystems=("../x",)))
