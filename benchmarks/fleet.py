"""Audits projects of the size of real ones by one worker and by two, and compares the results.

    CONDA_PREFLIGHT_CORPUS=FOLDER python -m benchmarks.fleet [PROJECTS] [FOLDER]

Each project is a manifest and a lock of the corpus, in a folder of its own. Seconds are of the wall
and count from the first result to the last, so that the start of Ray is told apart. Afterwards
every report is compared with that of an audit in this process, byte by byte.
"""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conda_preflight.fleet.one_project import audited
from conda_preflight.fleet.project_results import LINES, report_file

COUNT = 2_000
FOLDER = next(iter(sys.argv[2:]), None)
LARGEST = 400_000
"""Bytes of a lock; a few of the corpus are megabytes for a dozen platforms."""


def projects(folder: Path, count: int) -> list[Path]:
    """Folders with a manifest each, and a lock in two of three, each slightly another."""
    corpus = Path(os.environ["CONDA_PREFLIGHT_CORPUS"])
    manifests = sorted((corpus / "env").iterdir())
    locks = [
        file
        for file in sorted((corpus / "locks").iterdir())
        if file.suffix in (".yml", ".lock") and file.stat().st_size < LARGEST
    ]
    made = []
    for number, manifest, lock in zip(
        range(count), itertools.cycle(manifests), itertools.cycle(locks), strict=False
    ):
        place = folder / f"project-{number:05}"
        place.mkdir()
        text = manifest.read_bytes() + f"\n# project {number}\n".encode()
        (place / "environment.yml").write_bytes(text)
        if number % 3:
            name = "pixi.lock" if b"\nenvironments:" in lock.read_bytes() else "conda-lock.yml"
            shutil.copy(lock, place / name)
        made.append(place)
    return made


def run(folder: Path, results: Path, workers: int) -> tuple[float, float]:
    """Seconds from the first result to the last, and of the whole command."""
    begun = time.monotonic()
    words = ["fleet", "--projects", f"{folder}/*", "--results", str(results), "--no-ledger"]
    command = [sys.executable, "-m", "conda_preflight", *words, "--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    lines = results / LINES
    while process.poll() is None and not (lines.exists() and lines.stat().st_size):
        time.sleep(0.02)
    first = time.monotonic()
    process.wait()
    return lines.stat().st_mtime - (time.time() - time.monotonic()) - first, (
        time.monotonic() - begun
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(dir=FOLDER) as place:
        folder = Path(place, "projects")
        folder.mkdir()
        made = projects(folder, count)
        size = sum(file.stat().st_size for each in made for file in each.iterdir())
        print(f"{count:,} projects, {size / 1e6:,.0f} MB, load {os.getloadavg()[0]:.1f}")
        times = {}
        for workers in (1, 2):
            times[workers], whole = run(folder, Path(place, f"by-{workers}"), workers)
            print(
                f"{workers} worker{'s' * (workers > 1)}: {times[workers]:.1f} s, "
                f"{times[workers] / count * 1e3:.1f} ms each, with the start of Ray {whole:.1f} s"
            )
        print(f"speed-up {times[1] / times[2]:.2f}, load {os.getloadavg()[0]:.1f}")
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"largest process of ours: {used:.0f} MiB")
        begun = time.monotonic()
        same = sum(_is_same(each, Path(place)) for each in made)
        print(f"{same:,} of {count:,} reports are those of a local audit, byte for byte, twice")
        print(f"in one process without Ray: {(time.monotonic() - begun) / count * 1e3:.1f} ms each")


def _is_same(project: Path, place: Path) -> bool:
    local = audited(str(project), {}, "")[1]
    files = [report_file(place / f"by-{workers}", str(project)) for workers in (1, 2)]
    return bool(local) and all(file.is_file() and file.read_bytes() == local for file in files)


if __name__ == "__main__":
    main()
