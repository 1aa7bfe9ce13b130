"""``image plan`` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.documents import Location, Package
from conda_preflight.imaging.known_sizes import known_sizes

LOCK = """version: 6
environments:
  default:
    channels:
    - url: https://conda.example.org/conda-forge/
    packages:
      linux-64:
      - conda: https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0.conda
      - conda: https://conda.example.org/conda-forge/linux-64/gcc_linux-64-13.2.0-h1_0.conda
packages:
- conda: https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0.conda
  sha256: 0000000000000000000000000000000000000000000000000000000000000001
  size: 30000000
- conda: https://conda.example.org/conda-forge/linux-64/gcc_linux-64-13.2.0-h1_0.conda
  sha256: 0000000000000000000000000000000000000000000000000000000000000002
  size: 50000000
"""
EXPLICIT = """@EXPLICIT
https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0.conda
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "pixi.lock").write_text(LOCK)
    return tmp_path


def test_layers_and_what_is_needless(lock, capsys):
    assert run(["image", "plan", str(lock / "pixi.lock")]) == 0
    told = capsys.readouterr().out.replace("\n", " ")
    assert "2 packages, 80.0 MB as downloaded, in 2 layers" in told
    assert "A server does not need 1 package (50.0 MB):" in told
    assert "gcc_linux-64  50.0 MB, compiler" in told


def test_json_and_markdown(lock, capsys):
    assert run(["image", "plan", str(lock), "--format", "json"]) == 0
    (plan,) = json.loads(capsys.readouterr().out)["plans"]
    assert plan["size"] == 80_000_000
    assert [pull["package"] for pull in plan["pulls"]] == ["python", "gcc_linux-64"]
    assert run(["image", "plan", str(lock), "--format", "markdown"]) == 0
    assert "| runtime | 30.0 MB | python |" in capsys.readouterr().out


def test_a_budget(lock, capsys):
    assert run(["image", "plan", str(lock), "--budget", "100"]) == 0
    assert run(["image", "plan", str(lock), "--budget", "60"]) == 1
    assert "larger than the budget" in capsys.readouterr().err


def test_unknown_sizes_are_not_within_a_budget(tmp_path, capsys):
    file = tmp_path / "conda-linux-64.lock"
    file.write_text(EXPLICIT)
    assert run(["image", "plan", str(file), "--budget", "100"]) == 2
    told = capsys.readouterr()
    assert "of unknown size" in told.out
    assert "0 B" not in told.out
    assert "nobody can say" in told.err


def test_no_lock_is_wrong_use(tmp_path, capsys):
    (tmp_path / "environment.yml").write_text("dependencies: [python=3.11]\n")
    assert run(["image", "plan", str(tmp_path)]) == 2
    assert "has no lock" in capsys.readouterr().err


def test_sizes_of_package_caches(tmp_path):
    record = tmp_path / "numpy-1.26.4-py311_0" / "info" / "repodata_record.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"size": 7_000_000, "sha256": "a" * 64}))
    here = Location("x.lock", 1)
    same = Package("conda", "numpy", "1.26.4", here, build="py311_0", sha256="a" * 64)
    other = Package("conda", "numpy", "1.26.4", here, build="py311_0", sha256="b" * 64)
    hostile = Package("conda", "../numpy", "1.26.4", here, build="py311_0")
    assert known_sizes([same, other, hostile], [tmp_path]) == {same: 7_000_000}
