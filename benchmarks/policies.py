"""``python -m benchmarks.policies``: what policies in Rego add to an audit of a lock.

An explicit list of so many packages is audited with and without two policies that look at each of
them: medians of wall time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
SIZES = (100, 500, 2_000)
PROGRAM = Path(sys.executable).with_name("conda-preflight")
POLICY = """\
package preflight

import rego.v1

deny contains package.name if {
    some lock in input.locks
    some package in lock.packages
    not startswith(package.url, "https://conda.example.org/")
}

warn contains package.name if {
    some lock in input.locks
    some package in lock.packages
    not package.md5
}
"""


def main() -> None:
    """Print a row of a Markdown table for each size."""
    print("| Packages | Without policies | With two rules |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "house.rego").write_text(POLICY)
        for size in SIZES:
            lock = folder / f"{size}-linux-64.lock"
            lock.write_text("@EXPLICIT\n" + "".join(map(_line, range(size))))
            bare = _median("audit", lock, "--select", "lock,house")
            asked = _median("audit", lock, "--select", "lock,house", "--policy", "house.rego")
            print(f"| {size:,} | {bare:.2f} s | {asked:.2f} s |")


def _line(number: int) -> str:
    url = f"https://conda.example.org/main/linux-64/package-{number}-1.0-h0_0.conda"
    return f"{url}#{number:032x}\n"


def _median(*words: str | Path) -> float:
    """The median seconds on the clock, byte code cached as for any program."""
    here = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    folder = Path(str(words[1])).parent
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        command = [PROGRAM, *words, "--no-ledger"]
        done = subprocess.run(command, cwd=folder, env=here, capture_output=True, check=False)
        taken.append(time.perf_counter() - start)
        if b"house/broken-policy" in done.stdout or done.stderr:
            sys.exit(done.stdout.decode() + done.stderr.decode())
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
