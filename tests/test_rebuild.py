"""A rebuild of real packages: a Python, numpy, requests and a pip half, twice, and tried."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.channel_locks import NOWHERE, lock, packages, rebuild

from conda_preflight.documents import Package
from conda_preflight.testing.channel import Server, SimpleIndex, make_wheel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages are for Linux")

ASKED = ("python", "numpy", "requests")
TOOL = b"def main():\n    print('at your service', sorted({'a', 'b'}))\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    files = tmp_path_factory.mktemp("wheels")
    points = "[console_scripts]\ntool = tool:main\n"
    wheel = make_wheel(files, "tool", "1.0", files={"tool.py": TOOL}, entry_points=points)
    with Server(SimpleIndex(files)) as server:
        yield server, wheel


def pip_package(server: Server, wheel: Path, *, digest: str = "") -> Package:
    return Package(
        manager="pypi",
        name="tool",
        version="1.0",
        location=NOWHERE,
        platform="linux-64",
        url=f"{server.url}/files/{wheel.name}",
        sha256=digest or sha256(wheel.read_bytes()).hexdigest(),
    )


@pytest.fixture(scope="module")
def small(real_channel: Path) -> list[Package]:
    """Python and what it needs, without numpy, which takes longest."""
    needless = ("numpy", "requests", "pip", "urllib3", "idna", "certifi", "charset-normalizer")
    return [p for p in packages(real_channel) if p.name not in needless]


@pytest.mark.slow
def test_real_packages_and_a_pip_half_are_the_same_twice_and_work(
    real_channel, index, tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    project = lock(tmp_path / "project", [*packages(real_channel), pip_package(*index)], *ASKED)
    with (project / "environment.yml").open("a") as manifest:
        manifest.write("  - pip:\n    - tool\n")
    kept = tmp_path / "kept"
    done = rebuild(project, "--format", "json", "--keep", str(kept), seconds=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["comparison"]["unexplained"] == []
    assert (
        found["digests"]["sha256"] == found["digests"]["total"] == len(packages(real_channel)) + 1
    )
    explained = found["comparison"]["explained"]
    assert "bin/tool" in explained["text of the prefix"]
    assert any("RECORD" in path for paths in explained.values() for path in paths)
    tests = {(t["test"], t["build"]) for t in found["smoke_tests"] if t["passed"]}
    names = ("import numpy", "import requests", "import tool")
    assert tests == {(name, build) for name in names for build in (1, 2)}
    assert found["notes"] == ["Asked for, and without a module to import: python"]
    assert_kept(kept)


def assert_kept(kept: Path) -> None:
    """What was left works where it lies, in no environment at all, and knows no other place."""
    code = "import numpy, requests, ssl, sqlite3, tool; print(numpy.arange(3).sum())"
    ran = subprocess.run(
        ["env", "-i", str(kept / "bin/python"), "-c", code], capture_output=True, check=True
    )
    assert ran.stdout == b"3\n"
    ran = subprocess.run(["env", "-i", str(kept / "bin/tool")], capture_output=True, check=True)
    assert ran.stdout.startswith(b"at your service")
    files = [file for file in kept.rglob("*") if file.is_file()]
    assert not [f for f in files if b"kept.partial-" in f.read_bytes()]
    (record,) = kept.glob("conda-meta/numpy-*.json")
    numpy = json.loads(record.read_bytes())
    assert numpy["requested_specs"] == ["numpy"]
    assert numpy["url"].startswith("file:///")
    assert "link" not in numpy


def test_the_smoke_test_of_the_settings_runs_in_the_prefix(small, tmp_path):
    project = lock(tmp_path / "project", small, "python")
    (project / "smoke.py").write_text("import sys, os\nprint(sorted(os.environ))\nsys.exit(7)\n")
    (project / "preflight.toml").write_text(
        '[smoke]\ncommand = "python -c \'import json; print(json)\'"\nscript = "smoke.py"\n'
    )
    done = rebuild(project, "--once", "--format", "json", "--keep", str(tmp_path / "kept"))
    assert done.returncode == 1
    assert not (tmp_path / "kept").exists()
    first, second = json.loads(done.stdout)["smoke_tests"]
    assert first["passed"]
    assert second["reason"] == "it ended with exit code 7"
    assert "CONDA" not in second["output"]
    assert "'USER'" not in second["output"]
    text = rebuild(project, "--once").stdout
    assert "Not good: the smoke test failed." in text


def test_a_smoke_test_is_bounded_in_time_and_output(small, tmp_path):
    project = lock(tmp_path / "project", small, "python")
    loud = "import os\nwhile True: os.write(1, b'x' * 65536)"
    (project / "loud.py").write_text(loud)
    (project / "preflight.toml").write_text('[smoke]\nscript = "loud.py"\nseconds = 2\n')
    done = rebuild(project, "--once", "--format", "json")
    (trial,) = json.loads(done.stdout)["smoke_tests"]
    assert "stopped after 2" in trial["reason"]
    assert len(trial["output"]) < 5_000


def test_a_wheel_that_is_not_the_locked_one_is_refused(small, index, tmp_path):
    wrong = pip_package(*index, digest="0" * 64)
    done = rebuild(lock(tmp_path / "project", [*small, wrong]), "--once")
    assert done.returncode == 1
    assert "tool 1.0" in done.stderr
    assert "is not the file that was locked" in done.stderr


def test_an_explicit_list_brings_its_requirements_with_hashes(small, index, tmp_path):
    """A list knows no noarch and no needs: the archives tell."""
    server, wheel = index
    project = tmp_path / "project"
    project.mkdir()
    urls = "\n".join(f"{p.url}#sha256:{p.sha256}" for p in small)
    (project / "pinned_specs.txt").write_text(f"# platform: linux-64\n@EXPLICIT\n{urls}\n")
    digest = sha256(wheel.read_bytes()).hexdigest()
    (project / "requirements.txt").write_text(f"tool==1.0 --hash=sha256:{digest}\n")
    env = {"UV_DEFAULT_INDEX": f"{server.url}/simple"}
    done = rebuild(project / "pinned_specs.txt", "--once", "--format", "json", **env)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["packages"]["pypi"] == 1
    assert "import tool" in {t["test"] for t in found["smoke_tests"]}


def test_a_disk_that_fills_while_modules_are_compiled_is_told(small, tmp_path):
    """The prefix fits on the disk, its bytecode does not."""
    project = lock(tmp_path / "project", small, "python")
    found = rebuild(project, "--once", "--format", "json", "--cache", str(tmp_path / "large"))
    needed = json.loads(found.stdout)["builds"][0]["bytes"]
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={needed * 9 // 10}", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount can try a full disk")
    try:
        done = rebuild(project, "--once", "--cache", str(disk / "cache"))
        assert not list((disk / "cache" / "rebuilds").iterdir())
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert done.returncode == 2, done.stdout
    assert "The disk is full" in done.stderr
