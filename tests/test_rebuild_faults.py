"""What can go wrong with a rebuild: each ends in a sentence and an exit code, soon."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.channel_locks import command, lock, packages, rebuild

from conda_preflight.testing.channel import Artifact, Entry, Fault, Server, record, write_artifact

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages are for Linux")


def told(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    text = done.stdout + done.stderr
    assert done.returncode == code, text
    assert "Traceback" not in text
    for word in words:
        assert word in " ".join(text.split()), text


def is_clean(cache: Path) -> bool:
    """Whether nothing half done is left."""
    return not list((cache / "rebuilds").iterdir())


@pytest.fixture
def channel(installable_channel) -> Path:
    return installable_channel(record("a", "1.0"), record("b", "2.0", depends=["a"]))


def test_a_channel_on_the_network_is_rebuilt_twice_from_one_download(channel, tmp_path):
    with Server(channel) as server:
        project = lock(tmp_path / "project", packages(channel, server.url))
        done = rebuild(project, "--format", "json")
        told(done, 0)
        assert sum(r.path.endswith(".conda") for r in server.requests) == 2
        server.requests.clear()
        again = rebuild(project, "--format", "json")
    found, later = json.loads(done.stdout), json.loads(again.stdout)
    assert found["digests"] == {"sha256": 2, "md5": 0, "none": 0, "total": 2}
    assert (found["fetched"], later["fetched"], later["cached"]) == (2, 0, 2)
    assert not server.requests
    assert found["comparison"]["unexplained"] == []
    assert is_clean(tmp_path / "cache")
    told(rebuild(project, "--offline"), 0)


def test_offline_says_what_is_not_there(channel, tmp_path):
    project = lock(tmp_path / "project", packages(channel, "http://127.0.0.1:9"))
    told(rebuild(project, "--offline"), 2, "a, b: not in the cache", "--offline")


@pytest.mark.parametrize("where", ["http", "file", "cache"])
def test_a_file_that_is_not_the_locked_one_is_refused_before_it_is_linked(channel, tmp_path, where):
    with Server(channel) as server:
        base = "" if where == "file" else server.url
        project = lock(tmp_path / "project", packages(channel, base))
        if where == "cache":
            told(rebuild(project), 0)
            (kept,) = (tmp_path / "cache" / "archives").glob("*/a-1.0*")
            kept.write_bytes(b"other")
            told(rebuild(project, "--offline"), 2, "a: not in the cache")
            told(rebuild(project), 0)  # a cache is mended from where it came
            return
        (file,) = channel.glob("*/a-1.0*")
        other = write_artifact(Artifact("a", "1.0", files={"evil": Entry(b"x")}), tmp_path / "o")
        file.write_bytes(other.read_bytes())
        done = rebuild(project, "--keep", str(tmp_path / "kept"))
    told(done, 1, "a 1.0", "is not the file that was locked", "sha256", "Do not install it")
    assert not (tmp_path / "kept").exists()


def test_a_lock_without_digests_is_refused_unless_allowed(channel, tmp_path):
    bare = [replace(p, sha256="", md5="") for p in packages(channel)]
    lines = "\n".join(["# platform: linux-64", "@EXPLICIT", *(p.url for p in bare)])
    file = tmp_path / "explicit.txt"
    file.write_text(lines + "\n")
    told(rebuild(file), 2, "a, b: the lock has no digest", "--allow-unverified")
    told(rebuild(file, "--allow-unverified"), 0, "0 of 2 digests verified, 2 have no digest")


def test_md5_alone_is_told(channel, tmp_path):
    lines = "\n".join(["@EXPLICIT", *(f"{p.url}#{p.md5}" for p in packages(channel))])
    file = tmp_path / "explicit.txt"
    file.write_text(f"# platform: linux-64\n{lines}\n")
    told(rebuild(file), 0, "2 of 2 digests verified, 2 by md5 alone")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("*/a-*", status=403), "refuses to give it out (HTTP 403)"),
        (Fault("*/a-*", status=401), "wants a login (HTTP 401)"),
        (Fault("*/a-*", status=404), "does not have it (any more) (HTTP 404)"),
        (Fault("*/a-*", status=429), "was asked too often"),
        (Fault("*/a-*", status=500), "failed (HTTP 500)"),
        (Fault("*/a-*", cut=True, after=100), "broke the connection off"),
        (Fault("*/a-*", stall=math.inf), "within 2 seconds"),
        (Fault("*/a-*", stall=math.inf, after=100), "within 2 seconds"),
        (Fault("*/a-*", body=b"x" * 5_000_000), "a"),
    ],
    ids=["403", "401", "404", "429", "500", "cut", "silent", "stalled", "another"],
)
def test_a_server_that_fails_is_told(channel, tmp_path, fault, words):
    with Server(channel, fault) as server:
        project = lock(tmp_path / "project", packages(channel, server.url))
        begun = time.monotonic()
        limit = ("--seconds", "2") if math.isinf(fault.stall) else ()
        done = rebuild(project, *limit, "--keep", str(tmp_path / "kept"))
        assert time.monotonic() - begun < 15
        server.faults.clear()
        told(done, 1 if fault.body else 2, words)
        assert not (tmp_path / "kept").exists()
        assert is_clean(tmp_path / "cache")
        told(rebuild(project), 0)  # what was fetched is used


@pytest.mark.parametrize(
    "fault", [Fault("*/a-*", cut=True, after=100, times=1), Fault("*/a-*", status=500, times=1)]
)
def test_what_passes_is_tried_again(channel, tmp_path, fault):
    with Server(channel, fault) as server:
        told(rebuild(lock(tmp_path / "project", packages(channel, server.url))), 0)


def paths(*rows: tuple[str, str]) -> dict[str, bytes]:
    digest = hashlib.sha256(b"x").hexdigest()
    listed = [
        {"_path": path, "path_type": kind, "sha256": digest, "size_in_bytes": 1}
        for path, kind in rows
    ]
    return {"paths.json": json.dumps({"paths_version": 1, "paths": listed}).encode()}


X = {"share/x": Entry(b"x")}
HOSTILE = {
    "traversal": (Artifact("bad", "1", files={"../../evil": Entry(b"x")}), "outside"),
    "absolute": (Artifact("bad", "1", files={"/srv/evil": Entry(b"x")}), "outside"),
    "absolute link": (Artifact("bad", "1", files={"l": Entry(link="/etc/passwd")}), "leads out"),
    "link outside": (Artifact("bad", "1", files={"a/l": Entry(link="../../x")}), "leads out"),
    "through a link": (
        Artifact("bad", "1", files={"a": Entry(link="/srv"), "a/evil": Entry(b"x")}),
        "leads out",
    ),
    "paths.json absolute": (
        Artifact("bad", "1", files=X, info=paths(("/srv/evil", "hardlink"))),
        "outside",
    ),
    "paths.json outside": (
        Artifact("bad", "1", files=X, info=paths(("../evil", "hardlink"))),
        "outside",
    ),
    "paths.json broken": (Artifact("bad", "1", files=X, info={"paths.json": b"["}), "damaged"),
    "entry point": (
        Artifact("bad", "1", files=X, noarch="python", entry_points=["../../evil = a:b"]),
        "outside",
    ),
    "records": (Artifact("bad", "1", files={"conda-meta/a.json": Entry(b"{}")}), "records"),
    "modules outside": (
        Artifact("bad", "1", files=X, index={"python_site_packages_path": "../../x"}),
        "outside",
    ),
}


@pytest.mark.parametrize("ending", [".conda", ".tar.bz2"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused(tmp_path, name, ending):
    artifact, words = HOSTILE[name]
    write_artifact(artifact, tmp_path / "channel", ending)
    project = lock(tmp_path / "project", packages(tmp_path / "channel"))
    done = rebuild(project, "--keep", str(tmp_path / "kept"))
    told(done, 1, "The archive of bad 1", words)
    assert not (tmp_path / "kept").exists()
    assert not [*tmp_path.rglob("evil"), *Path("/srv").glob("evil")]
    assert is_clean(tmp_path / "cache")


def own_archive(folder: Path, *members: tuple[str, bytes, bytes]) -> Path:
    """A package from members that no honest tool would write: name, type, content."""
    file = folder / "channel" / "linux-64" / "odd-1-0.tar.bz2"
    file.parent.mkdir(parents=True)
    index = {"name": "odd", "version": "1", "build": "0", "build_number": 0, "depends": []}
    told_first = [
        ("info/index.json", tarfile.REGTYPE, json.dumps({**index, "subdir": "linux-64"}).encode()),
        ("info/paths.json", tarfile.REGTYPE, b'{"paths_version": 1, "paths": []}'),
    ]
    with tarfile.open(file, "w:bz2") as tar:
        for name, kind, content in (*told_first, *members):
            header = tarfile.TarInfo(name)
            header.type, header.size = kind, len(content)
            header.linkname = "../../etc/shadow" if kind == tarfile.LNKTYPE else ""
            tar.addfile(header, io.BytesIO(content))
    return folder / "channel"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.CHRTYPE, "neither file, link nor folder"),
        (tarfile.FIFOTYPE, "neither file, link nor folder"),
        (tarfile.LNKTYPE, "leads out"),
    ],
)
def test_devices_pipes_and_links_to_files_outside_are_refused(tmp_path, kind, words):
    channel = own_archive(tmp_path, ("thing", kind, b""))
    told(rebuild(lock(tmp_path / "project", packages(channel))), 1, words)


def test_an_archive_that_explodes_is_refused(tmp_path):
    bomb = Artifact("bomb", "1", files={"zeros": Entry(bytes(300_000_000))})
    file = write_artifact(bomb, tmp_path / "channel")
    assert file.stat().st_size < 100_000
    project = lock(tmp_path / "project", packages(tmp_path / "channel"))
    told(rebuild(project), 1, "as no package does")


def test_another_package_inside_is_refused(tmp_path):
    write_artifact(Artifact("a", "1.0", files=X), tmp_path / "channel")
    (found,) = packages(tmp_path / "channel")
    url = found.url.replace("a-1.0", "b-1.0")
    (tmp_path / "channel/linux-64/a-1.0-0.conda").rename(
        tmp_path / "channel/linux-64/b-1.0-0.conda"
    )
    project = lock(tmp_path / "project", [replace(found, name="b", url=url)])
    told(rebuild(project), 1, "is a 1.0 0 inside", "the lock says b 1.0")


def test_a_damaged_archive_is_refused(channel, tmp_path):
    found = packages(channel)
    (file,) = channel.glob("*/a-1.0*")
    data = file.read_bytes()[:-200]
    file.write_bytes(data)
    cut = replace(found[0], sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    project = lock(tmp_path / "project", [cut, *found[1:]])
    told(rebuild(project), 1, "The archive of a 1.0 is damaged")


def test_link_scripts_run_only_when_allowed(tmp_path):
    trace = tmp_path / "trace"
    script = f"#!/bin/sh\nenv > {trace}\n".encode()
    files = {"bin/.tool-post-link.sh": Entry(script, 0o755)}
    write_artifact(Artifact("tool", "1.0", files=files), tmp_path / "channel")
    project = lock(tmp_path / "project", packages(tmp_path / "channel"))
    told(rebuild(project), 0, "Link scripts were not run: tool")
    assert not trace.exists()
    told(rebuild(project, "--allow-link-scripts", MINE="1"), 0)
    assert "PREFIX=" in trace.read_text()
    assert "MINE=" not in trace.read_text()


def test_a_link_script_that_fails_or_hangs_is_told(tmp_path):
    for name, body, words in (("fails", "exit 3", "cannot be"), ("hangs", "sleep 60", "stopped")):
        files = {f"bin/.{name}-post-link.sh": Entry(f"#!/bin/sh\n{body}\n".encode(), 0o755)}
        write_artifact(Artifact(name, "1.0", files=files), tmp_path / name)
        project = lock(tmp_path / f"{name}-project", packages(tmp_path / name))
        begun = time.monotonic()
        done = rebuild(project, "--allow-link-scripts", "--seconds", "3")
        assert time.monotonic() - begun < 12
        told(done, 1, words)


@pytest.mark.parametrize("size", [20_000, 400_000], ids=["archive", "prefix"])
def test_a_full_disk_is_told(tmp_path, size):
    """No file may grow beyond a limit, which programs see as they see a full disk."""
    packed = random.Random(1).randbytes(100_000)  # noqa: S311  (does not shrink)
    files = {"share/packed": Entry(packed), "share/zeros": Entry(bytes(1_000_000))}
    write_artifact(Artifact("big", "1.0", files=files), tmp_path / "channel")
    with Server(tmp_path / "channel") as server:
        project = lock(tmp_path / "project", packages(tmp_path / "channel", server.url))
        done = subprocess.run(
            ["prlimit", f"--fsize={size}", *command(project, "--keep", str(tmp_path / "kept"))],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        told(done, 2, "The disk is full", "Free some space")
        assert not (tmp_path / "kept").exists()
        told(rebuild(project), 0)


def test_two_processes_share_a_cache(channel, tmp_path):
    with Server(channel, Fault("*.conda", stall=0.3)) as server:
        project = lock(tmp_path / "project", packages(channel, server.url))
        running = [subprocess.Popen(command(project), stdout=subprocess.PIPE) for _ in range(3)]
        assert [process.wait(60) for process in running] == [0, 0, 0]
        for process in running:
            process.communicate()
    assert is_clean(tmp_path / "cache")


def whole(prefix: Path) -> bool:
    names = {file.name for file in prefix.rglob("*") if file.is_file()}
    return {"a.txt", "b.txt", "a-1.0-0.json", "b-2.0-0.json"} <= names


def test_killed_at_any_moment_it_leaves_no_half_prefix_and_goes_on(channel, tmp_path):
    """Ten moments spread over the time of a whole run, with some chance in each."""
    chance = random.Random(3)  # noqa: S311  (moments, not secrets)
    cache, kept = tmp_path / "cache", tmp_path / "kept"
    with Server(channel, Fault("*.conda", stall=0.05)) as server:
        project = lock(tmp_path / "project", packages(channel, server.url))
        begun = time.monotonic()
        told(rebuild(project, "--cache", str(tmp_path / "first")), 0)
        usual = (time.monotonic() - begun) * 1.4  # with --keep it makes three prefixes
        for n in range(10):
            process = subprocess.Popen(
                command(project, "--keep", str(kept)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(usual * (n + chance.random()) / 10)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            if kept.exists():
                assert whole(kept)
                kept.rename(tmp_path / f"kept-{n}")
        told(rebuild(project, "--keep", str(kept)), 0)
    assert whole(kept)
    assert is_clean(cache)
    assert not list(tmp_path.glob("kept.partial-*"))


def test_a_directory_that_is_there_is_never_touched(channel, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine").touch()
    project = lock(tmp_path / "project", packages(channel))
    told(rebuild(project, "--keep", str(kept)), 2, "is there already")
    assert [file.name for file in kept.iterdir()] == ["mine"]


def test_wrong_use_is_told(channel, tmp_path):
    told(rebuild(tmp_path / "none"), 2, "There is no")
    project = lock(tmp_path / "project", packages(channel))
    told(rebuild(project, "--platform", "osx-arm64"), 2, "holds nothing for osx-arm64")
    (project / "conda-lock.yml").unlink()
    (project / "environment.yml").write_text("name: x\ndependencies: [a]\n")
    told(rebuild(project), 2, "There is no lock", "conda-preflight lock")
