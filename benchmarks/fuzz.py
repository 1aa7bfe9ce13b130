"""Coverage-guided fuzzing of the readers with atheris (``pip install -e .[fuzz]``).

``python -m benchmarks.fuzz READER --seconds N`` fuzzes one reader, ``--all --jobs 2`` all of
them, and prints a Markdown table; the exit status is 1 where a reader broke its promise.
Five sixths of the seconds go to atheris, the rest to what it found with a piece repeated.
What is found stays in ``build/fuzz/READER``: the corpus, from which the next run goes on,
the log, and inputs that broke something, in ``crashes``. ``--repeat FILE`` tries one of
these again without atheris.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fuzz_readers import NAMES
from benchmarks.fuzz_seeds import dictionary, seeds
from benchmarks.fuzz_target import target

BUILD = Path("build") / "fuzz"
_HEADER = """\
| reader | seconds | inputs | a second | edges | features | stretched | slowest | memory | faults |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
_COVER = re.compile(r"cov: (\d+) ft: (\d+)")
_SLOWEST = re.compile(r"^slowest: ([\d.]+) s", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What one run of one reader said of itself; ``faults`` are inputs that were kept."""

    reader: str
    log: str
    faults: tuple[Path, ...]

    @property
    def kept_its_promise(self) -> bool:
        return "stretched: " in self.log and "Done " in self.log and not self.faults

    def row(self) -> str:
        """The figures, as a row of the table."""
        edges, features = (_COVER.findall(self.log) or [("?", "?")])[-1]
        slowest = max(map(float, _SLOWEST.findall(self.log)), default=0.0)
        stretched = re.search(r"stretched: (\d+)", self.log)
        done = re.search(r"Done \d+ runs in (\d+) second", self.log)
        cells = (
            f"`{self.reader}`",
            done[1] if done else "?",
            f"{int(self._stat('number_of_executed_units')):,}",
            f"{int(self._stat('average_exec_per_sec')):,}",
            edges,
            features,
            f"{int(stretched[1]) if stretched else 0:,}",
            f"{slowest * 1000:.0f} ms",
            f"{self._stat('peak_rss_mb')} MiB",
            str(len(self.faults)) if self.kept_its_promise or self.faults else "did not run",
        )
        return f"| {' | '.join(cells)} |"

    def _stat(self, name: str) -> str:
        found = re.search(rf"stat::{name}:\s*(\d+)", self.log)
        return found[1] if found else "0"


def fuzz(reader: str, seconds: int) -> Run:
    """One run of one reader, each half in a process of its own."""
    folder = BUILD / reader
    for name in ("corpus", "seeds", "crashes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(sorted(seeds(reader))):
        (folder / "seeds" / f"{number:04}").write_bytes(seed)
    (folder / "dictionary").write_text(dictionary(reader), encoding="utf-8")
    stretching = seconds // 6
    steps = ("fuzz_target", seconds - stretching), ("fuzz_stretch", stretching)
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    with (folder / "log").open("wb") as log, TemporaryDirectory(dir=memory) as scratch:
        here = os.environ | {"PYTHONHASHSEED": "0", "TMPDIR": scratch}
        for module, limit in steps:
            words = (sys.executable, "-m", f"benchmarks.{module}", reader, str(folder), str(limit))
            subprocess.run(words, stdout=log, stderr=log, env=here, check=False)
    faults = tuple(sorted((folder / "crashes").iterdir()))
    return Run(reader, (folder / "log").read_text(encoding="utf-8", errors="replace"), faults)


def main() -> int:
    """Fuzz, or repeat one input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("reader", nargs="?", choices=sorted(NAMES))
    parser.add_argument("--all", action="store_true", help="every reader")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--jobs", type=int, default=1, help="readers at a time")
    parser.add_argument("--repeat", type=Path, help="one input that was kept")
    asked = parser.parse_args()
    if not asked.reader and not asked.all:
        parser.error("name a reader, or --all")
    if asked.repeat:
        target(asked.reader)(asked.repeat.read_bytes())
        return 0
    readers = sorted(NAMES) if asked.all else [asked.reader]
    with ThreadPoolExecutor(asked.jobs) as pool:
        runs = list(pool.map(lambda reader: fuzz(reader, asked.seconds), readers))
    print("\n".join((_HEADER, *(run.row() for run in runs))))
    for run in runs:
        for fault in run.faults:
            print(f"python -m benchmarks.fuzz {run.reader} --repeat {fault}")
    return 0 if all(run.kept_its_promise for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
