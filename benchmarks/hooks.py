"""``python -m benchmarks.hooks``: what the hooks of pre-commit take on the example for CI.

Each command that ``.pre-commit-hooks.yaml`` names runs in ``examples/ci`` in a repository of its
own, in turn with ``python -c pass``: medians of wall time, and the least of processor time, which
other work of the machine disturbs less.
"""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

RUNS = 25
AIM = 15
TOP = Path(__file__).parents[1]
EXAMPLE = TOP / "examples" / "ci"
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
PROGRAM = Path(sys.executable).with_name("conda-preflight")


def main() -> None:
    """Print a row of a Markdown table for each command."""
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
    commands = {f"`{hook['entry']}`": shlex.split(hook["entry"])[1:] for hook in hooks}
    commands["`conda-preflight audit`, all families"] = ["audit", "--offline", "--no-ledger"]
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        _prepare(project)
        for what, words in commands.items():
            _row(what, project, *words)


def _row(what: str, project: Path, *words: str) -> None:
    both = (sys.executable, "-c", "pass"), (PROGRAM, *words)
    pairs = [tuple(_run(project, *each) for each in both) for _ in range(RUNS + 1)]
    bare, ours = (list(zip(*each, strict=True)) for each in zip(*pairs[1:], strict=True))
    wall = statistics.median(ours[0]), statistics.median(bare[0])
    spent = min(ours[1]), min(bare[1])
    told = f"{wall[0] * 1000:.0f} ms | {wall[0] / wall[1]:.1f} x | {spent[0] / spent[1]:.1f} x"
    print(f"| {what} | {told} | at most {AIM} x |")


def _prepare(project: Path) -> None:
    shutil.copytree(EXAMPLE, project)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        subprocess.run([*GIT, *words], cwd=project, check=True)


def _run(project: Path, *words: str | Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor; byte code is cached as for any program."""
    here = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, cwd=project, env=here, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent


if __name__ == "__main__":
    main()
