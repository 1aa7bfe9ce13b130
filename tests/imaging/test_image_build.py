"""``image build`` of real packages: a Python, numpy and a pip half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.channel_locks import NOWHERE, lock, packages
from tests.imaging.images import environment, layer, layout, preflight

from conda_preflight.documents import Package
from conda_preflight.oci import stored, unpacking
from conda_preflight.oci.inflating import Inflated, Pieces
from conda_preflight.testing.channel import Server, SimpleIndex, make_wheel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages are for Linux")

A_YEAR_LATER = """
import sys, time
now = time.time
time.time = lambda: now() + 366 * 86400
from conda_preflight.cli import run
raise SystemExit(run(sys.argv[1:]))
"""
TOOL = b"def main():\n    print('at your service')\n"
_CACHE: dict[str, Path] = {}


@pytest.fixture(scope="module")
def project(tmp_path_factory, real_channel) -> Iterator[Path]:
    files = tmp_path_factory.mktemp("wheels")
    points = "[console_scripts]\ntool = tool:main\n"
    wheel = make_wheel(files, "tool", "1.0", files={"tool.py": TOOL}, entry_points=points)
    with Server(SimpleIndex(files)) as server:
        tool = Package(
            manager="pypi",
            name="tool",
            version="1.0",
            location=NOWHERE,
            platform="linux-64",
            url=f"{server.url}/files/{wheel.name}",
            sha256=sha256(wheel.read_bytes()).hexdigest(),
        )
        here = tmp_path_factory.mktemp("one") / "project"
        yield lock(here, [*packages(real_channel), tool], "python", "numpy")


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory) -> Path:
    """The image, with the cache that it left in ``cache`` beside it."""
    place = tmp_path_factory.mktemp("built")
    done = preflight(
        *("image", "build", project, "--output", place / "image", "--cache", place / "cache"),
        *("--cmd", "python", "--env", "MODE=test", "--label", "team=nlp"),
    )
    assert done.returncode == 0, done.stderr
    assert "no C library" in done.stderr
    return place / "image"


def manifest_digest(image: Path) -> str:
    return json.loads((image / "index.json").read_bytes())["manifests"][0]["digest"]


def contents(image: Path) -> list[list[str]]:
    """The paths in each layer that are no folders."""
    found = []
    for each in stored.open_image(image).layers:
        with tarfile.open(fileobj=Inflated(Pieces(each.pieces())), mode="r|") as opened:
            rows = list(opened)
        assert {(m.mtime, m.uid, m.gid, m.uname, m.gname) for m in rows} == {(0, 0, 0, "", "")}
        found.append([m.name for m in rows if not m.isdir()])
    return found


def test_the_same_from_another_folder_umask_user_and_day(project, built, tmp_path):
    place = tmp_path / "a longer name" / "elsewhere"
    words = ["image", "build", str(project), "--output", str(place / "image")]
    words += ["--cache", str(place / "cache"), "--cmd", "python", "--env", "MODE=test"]
    words += ["--label", "team=nlp", "--jobs", "3"]
    there = {
        **os.environ,
        "HOME": str(tmp_path),
        "TZ": "Asia/Tokyo",
        "USER": "someone",
        "LANG": "C",
    }
    done = subprocess.run(
        [sys.executable, "-c", A_YEAR_LATER, *words],
        env=there,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    assert done.returncode == 0, done.stderr
    assert manifest_digest(place / "image") == manifest_digest(built)


def test_each_file_is_in_the_layer_of_its_package(built):
    layers = contents(built)
    histories = stored.open_image(built).config["history"]
    named = {
        row["created_by"].removeprefix("conda-preflight: "): paths
        for row, paths in zip(histories, layers, strict=True)
    }
    numpy = named["task: numpy"]
    site = f"opt/env/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    assert f"{site}/numpy/__init__.py" in numpy
    assert any(path.startswith(f"{site}/numpy/__pycache__/__init__.") for path in numpy)
    assert all("numpy" in path or path.startswith("opt/env/bin/") for path in numpy)
    last = named["environment"]
    assert last[:2] == ["opt/env/conda-meta/frozen", "opt/env/conda-meta/history"]
    assert last[2].endswith("/EXTERNALLY-MANAGED")
    assert last[3:] == ["opt/env/pip.conf"]
    everything = [path for paths in layers for path in paths]
    assert len(everything) == len(set(everything))
    assert sum(path.startswith(f"{site}/tool") for path in everything) >= 4


def test_how_it_runs(built):
    running = stored.open_image(built).running
    env = dict(row.split("=", 1) for row in running["Env"])
    assert env["PATH"].startswith("/opt/env/bin:/usr/local/sbin:")
    assert env["CONDA_PREFIX"] == "/opt/env"
    assert env["MODE"] == "test"
    assert running["Cmd"] == ["python"]
    assert running["User"] == "65532:65532"
    assert running["Labels"]["team"] == "nlp"
    assert running["Labels"]["io.conda-preflight.lock"].startswith("sha256:")


def test_scripts_of_both_halves_name_the_place_in_the_image(built, tmp_path):
    image = stored.open_image(built)
    tree = unpacking.index(image, lambda *_: None)
    unpacking.unpack(image, tree, ["opt/env"], tmp_path, lambda *_: None)
    scripts = [tmp_path / "opt/env/bin" / name for name in ("tool", "pip")]
    assert all(each.read_text().startswith("#!/opt/env/bin/python") for each in scripts)
    assert all(each.stat().st_mode & 0o777 == 0o755 for each in scripts)


def test_an_audit_finds_no_more_than_the_missing_system(built):
    done = preflight("audit", built, "-q", "--format", "json")
    rules = {each["rule"] for each in json.loads(done.stdout)["findings"]}
    assert "prefix/missing-library" in rules
    prefix = {rule for rule in rules if rule.startswith(("prefix/", "drift/"))}
    assert prefix == {"prefix/missing-library", "prefix/unreachable-library"}


def test_nothing_changed_is_quick_and_the_same(project, built, tmp_path):
    begun = time.monotonic()
    done = preflight(
        *("image", "build", project, "--output", tmp_path / "image"),
        *("--cache", built.parent / "cache", "--offline"),
        *("--cmd", "python", "--env", "MODE=test", "--label", "team=nlp"),
    )
    assert done.returncode == 0, done.stderr
    assert manifest_digest(tmp_path / "image") == manifest_digest(built)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("name", ["image.tar", "image.docker.tar"])
def test_archives_hold_the_same_layers(project, built, tmp_path, name):
    form = "docker" if "docker" in name else "oci"
    done = preflight(
        *("image", "build", project, "--output", tmp_path / name, "--format", form),
        *("--cache", built.parent / "cache", "--tag", "v1"),
    )
    assert done.returncode == 0, done.stderr
    found, first = stored.open_image(tmp_path / name), stored.open_image(built)
    assert [each.diff_id for each in found.layers] == [each.diff_id for each in first.layers]
    unpacking.index(found, lambda *_: None)
    if form == "docker":
        with tarfile.open(tmp_path / name) as opened:
            row = json.load(opened.extractfile("manifest.json"))[0]
        assert row["RepoTags"] == ["image:v1"]


def test_gzip_on_a_base_that_is_an_image(project, built, tmp_path):
    below = layer(*environment("opt/other", {"bin/a": b"a"}))
    config = {"Env": ["PATH=/base/bin", "LANG=C.UTF-8"], "Labels": {"base": "yes"}}
    base = layout(tmp_path / "base", [below], config=config)
    done = preflight(
        *("image", "build", project, "--output", tmp_path / "image", "--base", base),
        *("--cache", built.parent / "cache", "--compression", "gzip"),
    )
    assert done.returncode == 0, done.stderr
    image = stored.open_image(tmp_path / "image")
    assert "PATH=/opt/env/bin:/base/bin" in image.running["Env"]
    assert "LANG=C.UTF-8" in image.running["Env"]
    assert image.running["Labels"]["base"] == "yes"
    digest = image.running["Labels"]["org.opencontainers.image.base.digest"]
    assert digest == manifest_digest(base)
    assert unpacking.prefixes(unpacking.index(image, lambda *_: None)) == ["opt/env", "opt/other"]
    found = [each.diff_id for each in image.layers[1:]]
    assert found == [each.diff_id for each in stored.open_image(built).layers]


@pytest.mark.parametrize(
    "odd",
    ["text", *(pytest.param(odd, marks=pytest.mark.slow) for odd in (7, ["a"], {"a": 1}, None))],
)
def test_a_base_whose_config_is_no_config(project, built, tmp_path, odd):
    config = {"Env": odd, "Labels": odd, "Cmd": odd}
    base = layout(tmp_path / "base", [layer()], config=config, history=odd)
    done = preflight(
        *("image", "build", project, "--output", tmp_path / "image", "--base", base),
        *("--cache", built.parent / "cache"),
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert preflight("audit", tmp_path / "image", "-q").returncode in (0, 1)


def test_an_application_and_documents_about_the_image(project, built, tmp_path):
    app = tmp_path / "service"
    (app / ".git").mkdir(parents=True)
    (app / ".git" / "config").write_text("secret")
    (app / "main.py").write_text("print('hello')\n")
    (tmp_path / "verdict.json").write_text("{}")
    done = preflight(
        *("image", "build", project, "--output", tmp_path / "image", "--app", app),
        *("--cache", built.parent / "cache", "--sbom"),
        *("--attach", f"application/json={tmp_path / 'verdict.json'}"),
    )
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "image")[-1] == ["app/main.py"]
    rows = json.loads((tmp_path / "image" / "index.json").read_bytes())["manifests"]
    manifests = [
        json.loads((tmp_path / "image" / "blobs/sha256" / row["digest"][7:]).read_bytes())
        for row in rows
    ]
    assert [m["subject"]["digest"] for m in manifests[1:]] == [rows[0]["digest"]] * 2
    kinds = {m["artifactType"] for m in manifests[1:]}
    assert kinds == {"application/vnd.cyclonedx+json", "application/json"}
    assert stored.open_image(tmp_path / "image").digest == rows[0]["digest"]


@pytest.mark.slow
def test_cut_as_an_earlier_image_was(project, built, tmp_path):
    done = preflight(
        *("image", "build", project, "--output", tmp_path / "image", "--previous", built),
        *("--cache", tmp_path / "cache"),
    )
    assert done.returncode == 0, done.stderr
    found = [each.diff_id for each in stored.open_image(tmp_path / "image").layers]
    assert found == [each.diff_id for each in stored.open_image(built).layers]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--prefix", "opt/env"], "no folder of an image"),
        (["--prefix", "/opt/../etc"], "no folder of an image"),
        (["--base", "/no/such/place"], "There is no /no/such"),
        (["--env", "MODE"], "NAME=VALUE"),
        (["--app", "/no/such/place"], "There is no folder"),
        (["--platform", "osx-arm64"], "holds nothing for osx-arm64"),
        (["--format", "docker", "--attach", "a/b=/dev/null"], "holds no documents"),
    ],
)
def test_wrong_use(project, tmp_path, words, why):
    done = preflight("image", "build", project, "--output", tmp_path / "image", *words)
    assert done.returncode == 2
    assert why in done.stderr
    assert not (tmp_path / "image").exists()


def test_what_is_no_image_is_never_replaced(project, tmp_path):
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "thesis.tex").write_text("years of work")
    done = preflight("image", "build", project, "--output", tmp_path / "image")
    assert done.returncode == 2
    assert "is no image" in done.stderr
    assert (tmp_path / "image" / "thesis.tex").exists()
