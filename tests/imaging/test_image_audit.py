"""``audit`` of images and root file systems."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from tests.imaging.images import docker_archive, environment, folder, layer, layout, link, member
from tests.imaging.images import preflight as ran

FILES = {"lib/greet.txt": b"hello\n", "share/doc.txt": b"doc\n"}
BASE = [
    member("usr/lib/os-release", b"ID=debian\n"),
    folder("usr/lib"),
    link("lib", "usr/lib"),
    *environment("opt/env", FILES),
]


def findings(path: Path, *words: object) -> dict[str, list[str]]:
    """The places of the findings of each rule."""
    done = ran("audit", path, "--format", "json", *words)
    found: dict[str, list[str]] = {}
    for row in json.loads(done.stdout)["findings"]:
        found.setdefault(row["rule"], []).append(row["path"])
    return found


def subject(path: Path) -> dict[str, object]:
    return json.loads(ran("audit", path, "--format", "json").stdout)


def rootfs(place: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def test_a_layout(tmp_path):
    place = layout(tmp_path / "image", [layer(*BASE)])
    done = ran("audit", place, "--select", "prefix,drift,input")
    assert done.returncode == 0, done.stdout
    assert "opt/env: " in done.stdout


def test_a_file_that_a_later_layer_changed(tmp_path):
    changed = layer(member("opt/env/lib/greet.txt", b"HELLO\n"))
    place = layout(tmp_path / "image", [layer(*BASE), changed])
    assert findings(place)["prefix/altered-file"] == ["opt/env/lib/greet.txt"]


def test_a_file_that_a_later_layer_removed(tmp_path):
    gone = layer(member("opt/env/lib/.wh.greet.txt"))
    file = docker_archive(tmp_path / "image.tar", [layer(*BASE), gone])
    assert findings(file)["prefix/missing-file"]


def test_several_environments_and_a_cache_of_packages(tmp_path):
    more = [
        *environment("opt/conda", {"bin/conda": b"#!/bin/sh\n"}, "conda"),
        *environment("opt/conda/envs/nlp", FILES),
        *environment("opt/conda/pkgs/greet-1.0-0", {"info/index.json": b"{}"}),
    ]
    place = layout(tmp_path / "image", [layer(*BASE, *more)])
    paths = {row["path"] for row in subject(place)["inputs"]}
    assert paths == {"opt/conda", "opt/conda/envs/nlp", "opt/env"}


def test_a_root_file_system(tmp_path):
    files = {"etc/os-release": b"ID=debian\n"}
    place = rootfs(tmp_path / "root", files)
    for info, data in environment("opt/env", FILES):
        rootfs(place, {info.name: data})
    (place / "opt/env/lib/greet.txt").write_bytes(b"HELLO\n")
    (place / "proc").mkdir()
    assert findings(place)["prefix/altered-file"] == ["opt/env/lib/greet.txt"]


def test_scripts_name_the_place_in_the_image(tmp_path):
    script = {"bin/greet": b"#!/opt/env/bin/python\n", "bin/python": b"#!/bin/sh\n"}
    place = layout(tmp_path / "image", [layer(*environment("opt/env", script))])
    assert "prefix/foreign-shebang" not in findings(place)
    moved = layout(tmp_path / "moved", [layer(*environment("opt/moved", script))])
    assert "prefix/foreign-shebang" in findings(moved)


def test_against_the_lock(tmp_path):
    lock = tmp_path / "conda-linux-64.lock"
    url = "https://conda.example.org/c/linux-64/greet-2.0-0.conda"
    lock.write_text(f"# platform: linux-64\n@EXPLICIT\n{url}#{'0' * 32}\n")
    place = layout(tmp_path / "image", [layer(*BASE)])
    assert any(rule.startswith("drift/") for rule in findings(place, "--lock", lock))


def test_an_image_without_an_environment(tmp_path):
    place = layout(tmp_path / "image", [layer(member("etc/passwd", b"root"))])
    done = ran("audit", place)
    assert done.returncode == 2
    assert "holds no conda environment" in done.stderr


@pytest.mark.parametrize("name", ["../../evil", "opt/env/../../../evil"])
def test_a_hostile_image_is_told_and_leaves_nothing(tmp_path, name):
    place = layout(tmp_path / "image", [layer(*BASE, member(name, b"x"))])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = ran("audit", place, env={**os.environ, "TMPDIR": str(scratch)})
    assert done.returncode in (1, 2)
    assert "outside" in done.stdout
    assert not list(scratch.iterdir())
    assert not (Path(tempfile.gettempdir()) / "evil").exists()


def test_a_tar_that_is_no_image(tmp_path):
    file = tmp_path / "sources.tar"
    file.write_bytes(layer(member("a.txt", b"a")))
    done = ran("audit", file)
    assert done.returncode == 2
    assert "The image has no manifest.json" in done.stdout
