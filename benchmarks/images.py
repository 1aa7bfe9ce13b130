"""An image from a lock against buildah with the same content in one COPY layer.

Both write an image layout. ``image build`` verifies, installs, compiles, cuts and packs. For
buildah py-rattler installs the same packages, with nothing verified, and the prefix's Python
compiles them; buildah copies that into an image from scratch and pushes it into a layout. Needs
Debian's package buildah and a package index for the first run, which makes the channel.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.channel_locks import lock, packages

from conda_preflight.oci import layout, manifest
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.entries import below, whole
from conda_preflight.oci.layer import Packer
from conda_preflight.oci.tar_stream import tar
from conda_preflight.testing.channel import cached_channel

SMALL = ("numpy==2.*", "pip", "requests==2.*")
LARGE = ("torch==2.13.0+cpu", "transformers", "requests", "pip")
INSTALLER = Path(__file__).parents[1] / "tests" / "testing" / "rattler_run.py"
PEER = "py-rattler, compileall, buildah"
ALONE = "of this, buildah alone"
DRIVER = os.environ.get("STORAGE_DRIVER", "overlay")
PREFLIGHT = [sys.executable, "-m", "conda_preflight"]
DOCKERFILE = "FROM scratch\nCOPY prefix /opt/env\nENV PATH=/opt/env/bin\nUSER 65532:65532\n"


class Spent(NamedTuple):
    """Seconds of wall time, and of all processors together."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Spent:
    """What some work costs, this process and its children together."""
    before, begun = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - begun, os.times()
    return Spent(wall, sum(after[:4]) - sum(before[:4]))


def run(*words: object, **options: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, **options)


def megabytes(layout: Path) -> float:
    return sum(file.stat().st_size for file in layout.rglob("*") if file.is_file()) / 1e6


class Ways:
    """The ways to make an image of one lock, each in a folder of its own."""

    def __init__(self, place: Path, project: Path) -> None:
        self.place, self.project = place, project
        self.number = 0

    def ours(self, cache: Path, *options: str) -> Path:
        self.number += 1
        output = self.place / f"image-{self.number}"
        run(*PREFLIGHT, "image", "build", self.project, "--output", output, "--cache", cache,
            *options)  # fmt: skip
        return output

    def prefix(self, target: Path, channel: Path, specs: tuple[str, ...]) -> None:
        """Installed and compiled, as buildah needs it."""
        cache = self.place / "rattler-cache"
        asked = {
            "channels": [channel.as_uri()],
            "specs": list(specs),
            "platforms": ["linux-64", "noarch"],
            "cache": str(cache),
            "prefix": str(target),
        }
        run(sys.executable, INSTALLER, input=json.dumps(asked).encode())
        jobs = str(os.cpu_count() or 2)
        words = [target / "bin" / "python", "-m", "compileall", "-q", "-j", jobs, target / "lib"]
        subprocess.run(words, capture_output=True, check=False)  # some modules are of other Pythons
        shutil.rmtree(cache)

    def packed(self, prefix: Path, compression: str) -> Path:
        """One layer of a ready prefix, by what packs the layers of ``image build``."""
        self.number += 1
        output, jobs = self.place / f"image-{self.number}", os.cpu_count() or 2
        blobs = Blobs(output / "blobs")
        with ThreadPoolExecutor(jobs) as pool:
            packer = Packer(blobs, compression, pool, jobs)
            layer = packer.pack_stream("all", tar(whole(below(prefix, "opt/env"))))
        made = manifest.write(blobs, [layer], manifest.Run("linux-64"), {}, 0)
        layout.write(output, [layout.named(made, "latest")])
        return output

    def buildah(self, context: Path, option: str = "--no-cache") -> Path:
        self.number += 1
        output, storage = self.place / f"image-{self.number}", self.place / "storage"
        words = [
            "buildah",
            "--storage-driver",
            DRIVER,
            "--root",
            storage,
            "--runroot",
            f"{storage}r",
        ]
        build = ("bud", "--isolation", "chroot", "--timestamp", "0", option, "-t", "bench")
        run(*words, *build, context)
        run(*words, "push", "bench", f"oci:{output}:latest")
        return output


class Table:
    """What each way cost in each run, and how large its image was."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Spent]] = {}
        self.sizes: dict[str, float] = {}

    def add(self, what: str, work: Callable[[], Path]) -> Spent:
        """Make an image once, and throw it away."""
        made: list[Path] = []
        spent = timed(lambda: made.append(work()))
        self.rows.setdefault(what, []).append(spent)
        self.sizes[what] = megabytes(made[0])
        shutil.rmtree(made[0])
        return spent

    def best(self) -> dict[str, Spent]:
        return {what: Spent(*map(min, zip(*each, strict=True))) for what, each in self.rows.items()}


def measure(name: str, wheels: tuple[str, ...], place: Path, runs: int) -> None:
    """The best of several runs of each way."""
    channel = cached_channel(wheels)
    found = packages(channel)
    ways = Ways(place, lock(place / "project", found, "python"))
    context, table = place / "context", Table()
    context.mkdir()
    (context / "Dockerfile").write_text(DOCKERFILE)
    specs = tuple(p.name for p in found)
    for _ in range(runs):
        shutil.rmtree(context / "prefix", ignore_errors=True)
        first = timed(lambda: ways.prefix(context / "prefix", channel, specs))
        second = table.add(ALONE, lambda: ways.buildah(context))
        both = Spent(first.wall + second.wall, first.cpu + second.cpu)
        table.rows.setdefault(PEER, []).append(both)
        table.sizes[PEER] = table.sizes[ALONE]
        for compression in ("zstd", "gzip"):
            take(ways, table, context / "prefix", compression)
    told(name, table.best(), table.sizes)


def take(ways: Ways, table: Table, prefix: Path, compression: str) -> None:
    """Our ways, with a cache that begins empty."""
    cache, option = ways.place / "cache", ("--compression", compression)
    table.add(f"our packing alone, {compression}", lambda: ways.packed(prefix, compression))
    for what in ("image build", "the same again"):
        table.add(f"{what}, {compression}", lambda: ways.ours(cache, *option))
    shutil.rmtree(cache)


def told(name: str, best: dict[str, Spent], sizes: dict[str, float]) -> None:
    first, size = best[PEER], sizes[PEER]
    print(f"\n{name}\n\n| what | wall | ratio | processor | ratio | size | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for what, spent in best.items():
        print(f"| {what} | {spent.wall:.2f} s | {spent.wall / first.wall:.2f} |", end="")
        print(f" {spent.cpu:.2f} s | {spent.cpu / first.cpu:.2f} |", end="")
        print(f" {sizes[what]:.1f} MB | {sizes[what] / size:.2f} |")
    for kind in ("zstd", "gzip"):
        again = best[f"the same again, {kind}"].wall / best[f"image build, {kind}"].wall
        print(f"\nNothing changed, {kind}: {again:.2f} of the first build")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="torch and transformers too")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if not shutil.which("buildah"):
        print(
            "Images: no buildah to compare with (apt-get install --no-install-recommends buildah)"
        )
        return
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, best of {given.runs}")
    for name, wheels in (("python, numpy, requests", SMALL), ("torch, transformers", LARGE)):
        if wheels is SMALL or given.large:
            with tempfile.TemporaryDirectory() as place:
                measure(name, wheels, Path(place), given.runs)


if __name__ == "__main__":
    main()
