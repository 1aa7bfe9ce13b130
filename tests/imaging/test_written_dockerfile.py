"""``image dockerfile`` as people run it, and the program that it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.freezing.marks import of_image
from conda_preflight.imaging import split_layers

DIGEST = "a" * 64
BASES = [
    *("--base", f"debian:12-slim@sha256:{DIGEST}"),
    *("--builder", f"mambaorg/micromamba:2.0.5@sha256:{DIGEST}"),
]
LOCK = """version: 1
metadata:
  content_hash: {linux-64: abc}
  channels: [{url: conda-forge}]
  platforms: [linux-64]
package:
- {name: python, version: 3.11.9, manager: conda, platform: linux-64, dependencies: {},
   url: https://conda.example.org/c/linux-64/python-3.11.9-h1_0.conda, hash: {sha256: "%ONE"}}
- {name: tini, version: 0.19.0, manager: conda, platform: linux-64, dependencies: {},
   url: https://conda.example.org/c/linux-64/tini-0.19.0-h1_0.conda, hash: {sha256: "%TWO"}}
- {name: uvicorn, version: 0.30.0, manager: pip, platform: linux-64, dependencies: {},
   url: https://files.example.org/uvicorn-0.30.0-py3-none-any.whl, hash: {sha256: "%THREE"}}
"""
DIGESTS = {"%ONE": "1" * 64, "%TWO": "2" * 64, "%THREE": "3" * 64}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    text = LOCK
    for name, digest in DIGESTS.items():
        text = text.replace(name, digest)
    (tmp_path / "conda-lock.yml").write_text(text)
    return tmp_path


def write(project: Path, *more: str) -> str:
    assert run(["image", "dockerfile", str(project), *BASES, *more]) == 0
    return (project / "Dockerfile").read_text()


def test_a_service(project, capsys):
    text = write(project, "--task", "fastapi")
    assert f"FROM debian:12-slim@sha256:{DIGEST}\n" in text
    assert "pip install --no-cache-dir --no-deps --require-hashes" in text
    assert 'ENTRYPOINT ["/opt/env/bin/tini", "--"]' in text
    assert 'CMD ["uvicorn", "app:app"' in text
    assert "USER 65532:65532\nEXPOSE 8000" in text
    assert "sha256:" + "3" * 64 in (project / "image" / "requirements.lock").read_text()
    assert "#sha256:" + "1" * 64 in (project / "image" / "environment.lock").read_text()
    assert "has no digest" not in capsys.readouterr().err


def test_our_own_rules_have_nothing_to_say(project, capsys):
    write(project, "--task", "fastapi")
    assert run(["audit", str(project / "Dockerfile"), "--select", "image", "-q"]) == 0
    assert capsys.readouterr().out.startswith("GO: no findings")


def test_nothing_is_replaced_unasked(project, capsys):
    write(project)
    assert run(["image", "dockerfile", str(project), *BASES]) == 2
    assert "is there already" in capsys.readouterr().err
    first = (project / "Dockerfile").read_text()
    assert write(project, "--force") == first


@pytest.mark.parametrize(
    "words",
    [
        ("--base", "debian:12\nRUN evil"),
        ("--prefix", "/opt/../etc"),
        ("--prefix", "opt"),
        ("--platform", "win-64"),
    ],
)
def test_what_means_nothing_is_refused(project, words):
    assert run(["image", "dockerfile", str(project), *words]) == 2
    assert not (project / "Dockerfile").exists()


def test_a_task_whose_program_is_not_locked_is_told(project, capsys):
    write(project, "--task", "vllm")
    assert "starts vllm, which is not in the lock" in capsys.readouterr().err


def tree(prefix: Path) -> None:
    site = prefix / "lib" / "python3.11" / "site-packages"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "bin").mkdir()
    for file in ("bin/python3.11", "lib/python3.11/os.py", "lib/libcudart.so.12"):
        (prefix / file).parent.mkdir(parents=True, exist_ok=True)
        (prefix / file).write_text("x = 1\n")
    (prefix / "bin" / "python").symlink_to("python3.11")
    records = {
        "python": ["bin/python3.11", "bin/python", "lib/python3.11/os.py"],
        "cuda-cudart": ["lib/libcudart.so.12"],
    }
    for name, files in records.items():
        record = {"name": name, "files": files}
        (prefix / "conda-meta" / f"{name}-1-0.json").write_text(json.dumps(record))
    (site / "my_pkg").mkdir(parents=True)
    (site / "my_pkg" / "__init__.py").write_text("y = 2\n")
    info = site / "My.Pkg-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text(
        "my_pkg/__init__.py,,\nMy.Pkg-1.0.dist-info/RECORD,,\n../../../../../evil,,\n"
    )
    (prefix / "notes.txt").write_text("nobody's")


def test_the_program_parts_an_environment(tmp_path):
    prefix, layers = tmp_path / "env", tmp_path / "layers"
    tree(prefix)
    table = tmp_path / "tiers.json"
    tiers = {"conda python": "runtime", "conda cuda-cudart": "cuda", "pypi my-pkg": "framework"}
    order = ["runtime", "cuda", "framework", "task"]
    marks = {path: data.decode() for path, data in of_image(["LIBRARY"]).items()}
    table.write_text(json.dumps({"marks": marks, "order": order, "tiers": tiers}))
    program = Path(split_layers.__file__)
    command = [sys.executable, str(program), str(prefix), str(layers), str(table)]
    subprocess.run(command, check=True)
    inside = prefix.relative_to("/")
    runtime, cuda = layers / "runtime" / inside, layers / "cuda" / inside
    assert (runtime / "bin" / "python").readlink() == Path("python3.11")
    assert (runtime / "conda-meta" / "python-1-0.json").is_file()
    assert (cuda / "lib" / "libcudart.so.12").is_file()
    site = layers / "framework" / inside / "lib" / "python3.11" / "site-packages"
    assert (site / "my_pkg" / "__init__.py").is_file()
    assert list((site / "my_pkg" / "__pycache__").iterdir())
    task = layers / "task" / inside
    assert (task / "notes.txt").is_file()
    assert (task / "conda-meta" / "frozen").is_file()
    assert (task / "lib" / "python3.11" / "EXTERNALLY-MANAGED").is_file()
    assert "require-virtualenv" in (task / "pip.conf").read_text()
    assert not [path for path in prefix.rglob("*") if path.is_file()]
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name", ["ray", "ray-core", "ray-serve", "ray-default"])
def test_ray_under_every_name(project, capsys, name):
    write(project, "--task", "ray-serve")
    assert "starts ray, which is not in the lock" in capsys.readouterr().err
    lock = project / "conda-lock.yml"
    lock.write_text(lock.read_text().replace("uvicorn", name))
    write(project, "--task", "ray-serve", "--force")
    assert "which is not in the lock" not in capsys.readouterr().err
