"""Images on a real system: built, audited, and run without a daemon by buildah.

Needs Debian's packages buildah and debootstrap, root, and a mirror of Debian.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.channel_locks import lock, packages
from tests.imaging.images import preflight
from tests.test_from_manifest_to_prefix import TINY_MODEL

from conda_preflight.testing.channel import cached_channel

TOOLS = ("buildah", "debootstrap", "chroot")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)) or os.geteuid() != 0,
        reason="needs buildah, debootstrap and root",
    ),
]
NUMPY = "import numpy, ssl, sqlite3, os; print(numpy.arange(3).sum(), os.getuid())"


@pytest.fixture(scope="module")
def debian(tmp_path_factory) -> Path:
    """A small root file system."""
    root = tmp_path_factory.mktemp("debian") / "root"
    command = ["debootstrap", "--variant=minbase", "bookworm", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no mirror of Debian: {done.stdout[-200:]}")
    for name in ("usr/share/doc", "usr/share/locale", "usr/share/man", "var/cache/apt"):
        shutil.rmtree(root / name, ignore_errors=True)
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory, real_channel) -> Path:
    here = tmp_path_factory.mktemp("project") / "project"
    return lock(here, packages(real_channel), "python", "numpy")


class Storage:
    """Buildah's storage in a folder of its own; overlay shares layers, vfs copies each."""

    def __init__(self, folder: Path) -> None:
        driver = os.environ.get("STORAGE_DRIVER", "overlay")
        self._words = ["buildah", "--storage-driver", driver, "--root", str(folder / "root")]
        self._words += ["--runroot", str(folder / "run")]

    def run(self, image: Path, *command: str) -> subprocess.CompletedProcess[str]:
        container = self._do("from", "--isolation", "chroot", f"oci:{image}:latest").stdout.split()
        return self._do("run", "--isolation", "chroot", container[-1], "--", *command)

    def clear(self) -> None:
        self._do("rm", "--all")

    def _do(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._words, *words], capture_output=True, text=True, check=False)


@pytest.fixture
def storage(tmp_path) -> Iterator[Storage]:
    made = Storage(tmp_path / "storage")
    yield made
    made.clear()
    shutil.rmtree(tmp_path / "storage", ignore_errors=True)


def build(project: Path, base: Path, image: Path, *words: str) -> None:
    done = preflight(
        *("image", "build", project, "--output", image, "--base", base, *words),
        *("--cache", image.parent / "cache"),
    )
    assert done.returncode == 0, done.stderr


def test_numpy_runs_as_nobody(project, debian, storage, tmp_path):
    build(project, debian, tmp_path / "image")
    audited = preflight("audit", tmp_path / "image", "-q")
    assert audited.returncode == 0, audited.stdout
    done = storage.run(tmp_path / "image", "python", "-c", NUMPY)
    assert done.stdout == "3 65532\n", done.stderr


def test_a_missing_library_is_told_before_it_is_missed(project, debian, storage, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(debian, bare, symlinks=True, ignore=shutil.ignore_patterns("libz.so*", "dev"))
    subprocess.run(["chroot", bare, "ldconfig"], check=True)
    build(project, bare, tmp_path / "image")
    audited = preflight("audit", tmp_path / "image", "--format", "json")
    errors = [f for f in json.loads(audited.stdout)["findings"] if f["severity"] == "error"]
    assert [each["rule"] for each in errors] == ["prefix/unreachable-library"]
    assert "libz.so.1" in errors[0]["message"]
    done = storage.run(tmp_path / "image", "python", "-c", NUMPY)
    assert done.returncode != 0
    assert "libz.so.1: cannot open shared object file" in done.stderr


def test_a_model_generates_tokens_in_it(debian, storage, tmp_path):
    channel = cached_channel(("torch==2.13.0+cpu", "transformers", "requests", "pip"))
    project = lock(tmp_path / "project", packages(channel), "python", "pytorch", "transformers")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "model.py").write_text(TINY_MODEL)
    build(project, debian, tmp_path / "image", "--app", str(tmp_path / "app"))
    done = storage.run(tmp_path / "image", "python", "/app/model.py")
    assert done.stdout.startswith("generated [[1, 2, 3,"), done.stderr
