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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.channel_locks import lock, packages

from conda_preflight.testing.channel import cached_channel

SMALL = ("numpy==2.*", "pip", "requests==2.*")
LARGE = ("torch==2.13.0+cpu", "transformers", "requests", "pip")
INSTALLER = Path(__file__).parents[1] / "tests" / "testing" / "rattler_run.py"
DRIVER = os.environ.get("STORAGE_DRIVER", "overlay")
PREFLIGHT = [sys.executable, "-m", "conda_preflight"]
DOCKERFILE = "FROM scratch\nCOPY prefix /opt/env\nENV PATH=/opt/env/bin\nUSER 65532:65532\n"


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


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
        run(target / "bin" / "python", "-m", "compileall", "-q", "-j", jobs, target / "lib")
        shutil.rmtree(cache)

    def buildah(self, context: Path) -> Path:
        self.number += 1
        output, storage = self.place / f"image-{self.number}", self.place / "storage"
        words = [
            "buildah",
            "--storage-driver",
            "vfs",
            "--root",
            storage,
            "--runroot",
            f"{storage}r",
        ]
        build = ("bud", "--isolation", "chroot", "--timestamp", "0", "--no-cache", "-t", "bench")
        run(*words, *build, context)
        run(*words, "push", "bench", f"oci:{output}:latest")
        return output


def measure(name: str, wheels: tuple[str, ...], place: Path, runs: int) -> None:
    """The best of several runs of each way."""
    channel = cached_channel(wheels)
    found = packages(channel)
    project = lock(place / "project", found, "python")
    ways, context = Ways(place, project), place / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(DOCKERFILE)
    rows: dict[str, list[float]] = {}
    sizes: dict[str, float] = {}

    def once(what: str, work: Callable[[], Path]) -> None:
        made: list[Path] = []
        rows.setdefault(what, []).append(timed(lambda: made.append(work())))
        sizes[what] = megabytes(made[0])
        shutil.rmtree(made[0])

    for number in range(runs):
        shutil.rmtree(context / "prefix", ignore_errors=True)
        installing = timed(
            lambda: ways.prefix(context / "prefix", channel, tuple(p.name for p in found))
        )
        once("of this, buildah alone", lambda: ways.buildah(context))
        both = "py-rattler, compileall, buildah"
        rows.setdefault(both, []).append(installing + rows["of this, buildah alone"][-1])
        sizes[both] = sizes["of this, buildah alone"]
        for compression in ("zstd", "gzip"):
            cache = place / f"cache-{compression}-{number}"
            option = ("--compression", compression)
            once(f"image build, {compression}", lambda c=cache, o=option: ways.ours(c, *o))
            once(f"the same again, {compression}", lambda c=cache, o=option: ways.ours(c, *o))
            shutil.rmtree(cache)
    told(name, {what: min(found) for what, found in rows.items()}, sizes)


def told(name: str, best: dict[str, float], sizes: dict[str, float]) -> None:
    first = best["py-rattler, compileall, buildah"]
    size = sizes["py-rattler, compileall, buildah"]
    print(f"\n{name}\n\n| what | wall | ratio | size | ratio |\n|---|---:|---:|---:|---:|")
    for what, seconds in best.items():
        print(f"| {what} | {seconds:.2f} s | {seconds / first:.2f} |", end="")
        print(f" {sizes[what]:.1f} MB | {sizes[what] / size:.2f} |")
    for kind in ("zstd", "gzip"):
        again = best[f"the same again, {kind}"] / best[f"image build, {kind}"]
        print(f"\nNothing changed, {kind}: {again:.2f} of the first build")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="torch and transformers too")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if not shutil.which("buildah"):
        sys.exit("This needs buildah: apt-get install --no-install-recommends buildah")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, best of {given.runs}")
    for name, wheels in (("python, numpy, requests", SMALL), ("torch, transformers", LARGE)):
        if wheels is SMALL or given.large:
            with tempfile.TemporaryDirectory() as place:
                measure(name, wheels, Path(place), given.runs)


if __name__ == "__main__":
    main()
