"""Prefixes that mean harm, or are ruined: findings, no crash, no waiting, bounded memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files of this kind are Linux's")

MEMORY = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "conda_preflight", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
# A small process between, as a child counts what its parent had when it began.


def audit(prefix: Path, *options: str):
    """The report on a prefix, which must come within a minute."""
    command = [sys.executable, "-m", "conda_preflight", "audit", str(prefix), "--format", "json"]
    variables = {
        **os.environ,
        "HOME": str(prefix.parent),
        "CONDA_PREFLIGHT_CACHE": str(prefix.parent),
    }
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, timeout=60, env=variables
    )
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert not [o for o in report["outcomes"] if o["status"] == "CRASHED"]
    return report


def rules(report) -> set[str]:
    return {f["rule"] for f in report["findings"]}


@pytest.fixture
def prefix(tmp_path):
    folder = tmp_path / "env"
    (folder / "conda-meta").mkdir(parents=True)
    (folder / "conda-meta" / "history").touch()
    return folder


def record(prefix: Path, name: str, paths: list[str], **more: object) -> Path:
    rows = [{"_path": path, "path_type": "hardlink"} for path in paths]
    fields = {"name": name, "version": "1.0", "build": "0", "files": paths, **more}
    fields["paths_data"] = {"paths": rows, "paths_version": 1}
    file = prefix / "conda-meta" / f"{name}-1.0-0.json"
    file.write_text(json.dumps(fields, indent=2))
    return file


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"name": 1}', b"{" * 100_000]
)
def test_corrupt_records(prefix, content):
    (prefix / "conda-meta" / "x-1-0.json").write_bytes(content)
    assert "input/unreadable" in rules(audit(prefix))


def test_records_of_other_shapes(prefix):
    shapes = [None, 1, "x", [], {}, {"paths": None}, {"paths": {}}, {"paths": [1, None, {}]}]
    shapes += [{"paths": [{"_path": 1}, {"_path": "a", "sha256": 5, "size_in_bytes": -3}]}]
    for number, shape in enumerate(shapes):
        file = record(prefix, f"p{number}", [])
        fields = json.loads(file.read_text()) | {"paths_data": shape, "files": [1, None, "b"]}
        file.write_text(json.dumps(fields))
    assert "prefix/missing-file" in rules(audit(prefix))


def test_links_in_circles(prefix):
    (prefix / "a").symlink_to("b")
    (prefix / "b").symlink_to("a")
    (prefix / "self").symlink_to("self")
    (prefix / "deep").symlink_to("deep/deep/deep")
    (prefix / "up").symlink_to(".")
    record(prefix, "x", ["a", "up/up/up/a", "self/x"])
    assert rules(audit(prefix)) & {"prefix/orphan-file", "prefix/wrong-kind"}


def test_pipes_sockets_and_devices(prefix):
    os.mkfifo(prefix / "conda-meta" / "x-1-0.json")
    os.mkfifo(prefix / "bin")
    (prefix / "lib").mkdir()
    os.mkfifo(prefix / "lib" / "libx.so")
    record(prefix, "y", ["lib/libx.so"])
    found = rules(audit(prefix))
    assert {"input/unreadable", "prefix/wrong-kind"} <= found


def test_names_that_are_no_text(prefix):
    folder = os.fsencode(prefix)
    for name in (b"\xff\xfe", b"new\nline", b"tab\t", b"\x1b[31mred", b"quote'\"", "ü".encode()):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123  (no Path of bytes)
            file.write(b"x")
    report = audit(prefix)
    text = json.dumps(report)
    assert "\\u001b" not in text
    assert len([f for f in report["findings"] if f["rule"] == "prefix/orphan-file"]) == 6
    for form in ("text", "sarif", "junit", "markdown", "html", "github"):
        command = [sys.executable, "-m", "conda_preflight", "audit", str(prefix), "--format", form]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert b"Traceback" not in done.stderr
        assert b"\x1b[31mred" not in done.stdout


def test_empty_files_and_lists(prefix):
    info = prefix / "lib" / "python3.11" / "site-packages" / "x-1.0.dist-info"
    info.mkdir(parents=True)
    for name in ("METADATA", "RECORD", "INSTALLER", "direct_url.json"):
        (info / name).touch()
    assert "prefix/unverifiable" in rules(audit(prefix))


@pytest.mark.parametrize(
    "text", ["a,b", "a,b,c,d\n", '"a', "\0,,\n", "x" * 200_000, "/etc/passwd,,\n../../../../y,,\n"]
)
def test_broken_lists_of_wheels(prefix, text):
    info = prefix / "lib" / "python3.11" / "site-packages" / "x-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: x\nVersion: 1.0\n")
    (info / "RECORD").write_text(text)
    assert rules(audit(prefix)) & {"prefix/unverifiable", "prefix/escaping-link"}


def test_files_nobody_may_read(prefix):
    (prefix / "secret").write_text("x")
    (prefix / "secret").chmod(0)
    (prefix / "closed").mkdir()
    (prefix / "closed").chmod(0)
    record(prefix, "x", ["secret", "closed/y"])
    assert "prefix/wrong-mode" in rules(audit(prefix))
    (prefix / "closed").chmod(0o755)


def test_deep_folders(prefix):
    here = os.open(prefix, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("folder", dir_fd=here)
        inner = os.open("folder", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    assert "prefix/unverifiable" in rules(audit(prefix))


@pytest.mark.parametrize(
    ("owned", "folders"),
    [(True, 10), *(pytest.param(owned, 200, marks=pytest.mark.slow) for owned in (True, False))],
)
def test_so_many_thousand_files(prefix, owned, folders):
    paths = []
    for number in range(folders):
        folder = prefix / "share" / f"{number:03}"
        folder.mkdir(parents=True)
        for each in range(1000):
            os.close(os.open(folder / f"{each:03}.txt", os.O_CREAT | os.O_WRONLY, 0o644))
            paths.append(f"share/{number:03}/{each:03}.txt")
    if owned:
        record(prefix, "large", paths)
    command = [sys.executable, "-c", MEMORY, "audit", str(prefix), "-q", "--select", "prefix,drift"]
    variables = {**os.environ, "CONDA_PREFLIGHT_CACHE": str(prefix.parent)}
    for _ in range(2):
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=300, env=variables
        )
        assert int(done.stdout) < 300
