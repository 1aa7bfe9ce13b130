"""What a registry already has after one package of a hundred changed: real layers, real bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.channel_locks import lock, packages
from tests.imaging.images import preflight

from conda_preflight.documents import Location, Package
from conda_preflight.imaging.plan import Plan, plan
from conda_preflight.installation import Installation, Place
from conda_preflight.oci import stored
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.entries import of_text, whole
from conda_preflight.oci.layer import Layer, Packer
from conda_preflight.testing.channel import Artifact, Entry, write_artifact
from conda_preflight.testing.channel.artifact import PLACEHOLDER

NUMBER = 100
HERE = Location("conda-lock.yml")
_LARGEST = 1_500_000


def installation() -> Installation:
    """A hundred packages below python, of sizes as they are in environments for models."""
    source = random.Random(20261124)  # noqa: S311  (the same each time)
    found = [Package("conda", "python", "3.11.9", HERE, size=300_000)]
    for number in range(NUMBER - 1):
        size = int(min(source.lognormvariate(9.5, 1.6), _LARGEST)) + 500
        needs = ("python",) if number % 3 else ()
        found.append(Package("conda", f"part{number:02}", "1.0", HERE, size=size, depends=needs))
    return Installation(Place("", "linux-64"), tuple(found), "linux-64")


def content(package: Package) -> bytes:
    """Bytes that no compression makes smaller, others for each version."""
    source = random.Random(f"{package.name} {package.version}")  # noqa: S311
    return source.randbytes(package.size)


@pytest.fixture
def packer(tmp_path: Path) -> Iterator[Packer]:
    with ThreadPoolExecutor(2) as pool:
        yield Packer(Blobs(tmp_path / "blobs"), "zstd", pool, 2)


def packed(made: Plan, packer: Packer, known: dict[tuple[Package, ...], Layer]) -> list[Layer]:
    """The layers of a plan; equal packages are packed once, which is what packing gives."""
    for layer in made.layers:
        if layer.packages not in known:
            files = [of_text(f"opt/env/lib/{p.name}", content(p)) for p in layer.packages]
            known[layer.packages] = packer.pack(layer.title, whole(files))
    return [known[layer.packages] for layer in made.layers]


def bumped(at: Installation, package: Package) -> Installation:
    """A new version, a tenth larger."""
    new = replace(package, version="2.0", size=package.size * 11 // 10)
    packages = tuple(new if p is package else p for p in at.packages)
    return replace(at, packages=packages)


def test_a_bump_ships_the_package_and_little_else(packer):
    before = installation()
    first = plan(before, {})
    known: dict[tuple[Package, ...], Layer] = {}
    here: Mapping[str, Layer] = {x.blob.digest: x for x in packed(first, packer, known)}
    total = sum(layer.blob.size for layer in here.values())
    beyond = {}
    for package in before.packages:
        after = plan(bumped(before, package), {}, first.limits)
        shipped = [x for x in packed(after, packer, known) if x.blob.digest not in here]
        own = package.size * 11 // 10
        beyond[package.name] = (sum(x.blob.size for x in shipped) - own) / total
        assert len(shipped) == 1, package.name
    assert len(beyond) == NUMBER
    worst = max(beyond, key=lambda name: beyond[name])
    assert beyond[worst] <= 0.02, f"{worst} ships {beyond[worst]:.1%} more"


def channel(folder: Path, versions: Mapping[str, str]) -> Path:
    """Packages of one file each, and a link and a script that names the prefix."""
    for number, (name, version) in enumerate(versions.items()):
        data = random.Random(f"{name} {version}").randbytes(4000 * (number + 1))  # noqa: S311
        files = {f"lib/{name}.bin": Entry(data), f"lib/{name}": Entry(link=f"{name}.bin")}
        script = f"#!{PLACEHOLDER}/bin/sh\n".encode()
        files[f"bin/{name}"] = Entry(script, 0o755, placeholder=PLACEHOLDER)
        write_artifact(Artifact(name, version, files=files), folder)
    return folder


def test_an_installed_bump_changes_one_layer(tmp_path):
    names = {f"part{number:02}": "1.0" for number in range(20)}
    made = []
    here = tmp_path / "channel"
    for at, versions in enumerate((names, {**names, "part07": "1.1"})):
        found = packages(channel(here, versions))
        wanted = [p for p in found if p.version == versions[p.name]]
        project = lock(tmp_path / f"project-{at}", wanted)
        output = tmp_path / f"image-{at}"
        done = preflight(
            *("image", "build", project, "--output", output, "--cache", tmp_path / "cache"),
            *("--previous", made[0]) if made else (),
        )
        assert done.returncode == 0, done.stderr
        made.append(output)
    first, second = ([x.diff_id for x in stored.open_image(each).layers] for each in made)
    assert len(set(second) - set(first)) == 1


def test_the_order_of_a_lock_changes_no_layer(packer):
    at = installation()
    shuffled = list(at.packages)
    random.Random(1).shuffle(shuffled)  # noqa: S311
    made = [
        packed(plan(each, {}), packer, {}) for each in (at, replace(at, packages=tuple(shuffled)))
    ]
    assert [x.blob.digest for x in made[0]] == [x.blob.digest for x in made[1]]
