"""Verification of a large prefix, as ratios to a bare hashlib loop over the same files.

It makes a channel and installs it with py-rattler: synthetic packages of the sizes that
environments for models have (many small modules, some libraries of a hundred megabytes and
more) beside a real Python, numpy and requests. ``--keep DIR`` keeps and reuses it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from conda_preflight.testing.channel import (
    Artifact,
    Entry,
    cached_channel,
    index_channel,
    write_artifact,
)
from conda_preflight.testing.channel.artifact import PLACEHOLDER
from conda_preflight.testing.channel.interpreter import PYTHON

TOP = Path(__file__).parents[1]
PROGRAM = TOP / "tests" / "testing" / "rattler_run.py"
REAL = ("numpy==2.*", "pip", "requests==2.*")
RULES = "altered-file missing-file orphan-file injected-code collision wrong-kind wrong-mode"
RULES += " escaping-link world-writable unverifiable altered-bytecode foreign-shebang foreign-abi"
NATIVE = 12
CHUNKS = 64
_BETWEEN = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def files_of(number: int, count: int, size: int, source: random.Random) -> dict[str, Entry]:
    """The files of one package; every twelfth is native and brings a library of that size."""
    name, native = f"part{number:03}", number % NATIVE == 0
    site = f"lib/python{PYTHON}/site-packages" if native else "site-packages"
    block = source.randbytes(1 << 16)
    files = {}
    for each in range(count - 5):
        length = int(min(source.lognormvariate(8.3, 1.2), 400_000))
        line = f"value_{number}_{each} = {{}}\n".encode()
        path = f"{site}/{name}/group{each // 20}/module{each}.py"
        files[path] = Entry(line * max(1, length // len(line)))
    if native:
        content = (name.encode() + block * (size // len(block) + 1))[:size]
        files[f"lib/lib{name}.so.1"] = Entry(content, 0o755)
        files[f"lib/lib{name}.so"] = Entry(link=f"lib{name}.so.1")
    info = f"{site}/{name}-1.0.dist-info"
    files[f"{info}/METADATA"] = Entry(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
    )
    files[f"{info}/INSTALLER"] = Entry(b"conda\n")
    rows = "".join(f"{path.removeprefix(f'{site}/')},,\n" for path in files if site in path)
    files[f"{info}/RECORD"] = Entry(rows.encode())
    script = f"#!{PLACEHOLDER}/bin/python\nprint()\n".encode()
    folder = "bin" if native else "python-scripts"
    files[f"{folder}/{name}"] = Entry(script, 0o755, placeholder=PLACEHOLDER)
    return files


def make(folder: Path, packages: int, files: int, gigabytes: float) -> Path:
    """The prefix; its lock and manifest are in ``project`` beside it."""
    source = random.Random(20261124)  # noqa: S311  (the same each time)
    size = int(gigabytes * 1e9 / (packages / NATIVE))
    channel, names = folder / "channel", [f"part{number:03}" for number in range(packages)]
    for number, name in enumerate(names):
        native = number % NATIVE == 0
        artifact = Artifact(
            name,
            "1.0",
            "0",
            noarch="" if native else "python",
            depends=["python"],
            files=files_of(number, files // packages, size, source),
        )
        write_artifact(artifact, channel, level=1)
    index_channel(channel)
    asked = {
        "channels": [channel.as_uri(), cached_channel(REAL).as_uri()],
        "specs": [*names, "python", "numpy", "requests", "pip"],
        "platforms": ["linux-64", "noarch"],
        "cache": str(folder / "cache"),
        "prefix": str(folder / "prefix"),
    }
    subprocess.run(
        [sys.executable, PROGRAM],
        input=json.dumps(asked),
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    shutil.rmtree(channel)
    return folder / "prefix"


def write_project(prefix: Path, project: Path) -> None:
    """A lock of what is installed."""
    project.mkdir(exist_ok=True)
    urls = []
    for file in sorted((prefix / "conda-meta").glob("*.json")):
        record = json.loads(file.read_bytes())
        urls.append(f"{record['url']}#{record['md5']}")
    text = "\n".join(["# platform: linux-64", "@EXPLICIT", *urls, ""])
    (project / "conda-linux-64.lock").write_text(text, encoding="utf-8")


def regular(prefix: Path) -> Iterator[str]:
    for folder, _, names in os.walk(prefix):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118  (40,000 times)
            if not os.path.islink(path):  # noqa: PTH114
                yield path


def digests(paths: list[str]) -> list[str]:
    found = []
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123
            found.append(hashlib.file_digest(file, "sha256").hexdigest())
    return found


def bare(paths: list[str]) -> None:
    """What is compared with: two spawned processes, nothing but digests."""
    parts = [paths[start::CHUNKS] for start in range(CHUNKS)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        sum(map(len, pool.map(digests, parts)))


def run(command: list[str], environment: Mapping[str, str] | None = None) -> int:
    """The exit code of a command."""
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def memory(command: list[str], environment: Mapping[str, str]) -> int:
    """The most memory that a command or what it started used, in MiB.

    It is asked of a small process between: a child counts what its parent had when it began.
    """
    told = subprocess.run(
        [sys.executable, "-c", _BETWEEN, *command],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout) // 1024


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor time, this process and its children together."""
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])


def best(runs: list[tuple[float, float]]) -> tuple[float, float]:
    return min(wall for wall, _ in runs), min(cpu for _, cpu in runs)


def measure(folder: Path, prefix: Path, runs: int, peer: str) -> None:
    cache = {**os.environ, "CONDA_PREFLIGHT_CACHE": str(folder / "preflight")}
    audit = [sys.executable, "-m", "conda_preflight", "audit"]
    rules = ",".join(f"prefix/{name}" for name in RULES.split())
    files = [*audit, str(prefix), "--select", rules, "-q"]
    drift = [*audit, str(folder / "project"), "--prefix", str(prefix), "--select", "drift", "-q"]
    paths = list(regular(prefix))
    size = sum(map(os.path.getsize, paths))
    count = len(list((prefix / "conda-meta").glob("*.json")))
    print(f"{count} packages, {len(paths):,} files, {size / 1e9:.1f} GB, {os.cpu_count()} cores")
    works: dict[str, Callable[[], object]] = {
        "bare loop of two processes": lambda: bare(paths),
        "every digest (--no-cache)": lambda: run([*files, "--no-cache"], cache),
        "again, from the cache": lambda: run(files, cache),
        "sizes and kinds (--quick)": lambda: run([*files, "--quick"], cache),
        "drift of packages": lambda: run(drift, cache),
    }
    if peer:
        out = str(folder / "sbom.json")
        command = [peer, "--prefix", str(prefix), "--verify-files", "--no-config", "--output", out]
        works["pixi-sbom --verify-files"] = lambda: run(command)
    run(files, cache)
    time.sleep(2.1)  # a digest is kept for files that are older than it by two seconds
    run(files, cache)
    rounds = [{name: timed(work) for name, work in works.items()} for _ in range(runs)]
    found = {name: best([each[name] for each in rounds]) for name in works}
    first_wall, first_cpu = found["bare loop of two processes"]
    print("| what | wall | ratio | processor | ratio |\n|---|---:|---:|---:|---:|")
    for name, (wall, cpu) in found.items():
        ratios = wall / first_wall, cpu / first_cpu
        print(f"| {name} | {wall:.2f} s | {ratios[0]:.2f} | {cpu:.2f} s | {ratios[1]:.2f} |")
    code = run([*files, "--no-cache"], cache)
    print(f"\nPeak memory {memory([*files, '--no-cache'], cache)} MiB, exit code {code}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=360)
    parser.add_argument("--files", type=int, default=42_000)
    parser.add_argument("--gigabytes", type=float, default=5.0, help="of native libraries")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder to keep it in")
    parser.add_argument("--pixi-sbom", default=shutil.which("pixi-sbom") or "", help="the program")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        prefix = folder / "prefix"
        if not prefix.is_dir():
            make(folder, given.packages, given.files, given.gigabytes)
        write_project(prefix, folder / "project")
        measure(folder, prefix, given.runs, given.pixi_sbom)


if __name__ == "__main__":
    main()
