"""Speed as ratios: start-up and one audit against the bare interpreter, a corpus on one core.

Real manifests come from the folder that CONDA_PREFLIGHT_CORPUS names (it holds ``env/``);
without it the project's own example is used and the corpus line says so.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from conda_preflight import __version__
from conda_preflight.audit import audit
from conda_preflight.catalog import checks
from conda_preflight.check import Check, check
from conda_preflight.config import Settings
from conda_preflight.documents import Manifest
from conda_preflight.project import open_project
from conda_preflight.report import Severity

TOP = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", TOP.parent / "shared" / "corpus")) / "env"
EXAMPLE = TOP / "examples" / "chatbot_finetune_dev" / "environment.yml"
PROGRAM = Path(sys.executable).with_name("conda-preflight")
RUNS = 21
EMPTY = '''"""trial/empty-{0}."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity


@check("trial/empty-{0}", Severity.NOTE)
def empty(manifest: Manifest) -> Iterator[Problem]:
    """Reads nothing."""
    yield from ()
'''


def seconds(*command: str | Path, paths: str = "") -> float:
    """The median wall time of a command, with byte code cached as for any installed program."""
    here = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    here |= {"PYTHONPATH": paths} if paths else {}
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, env=here, stdout=subprocess.DEVNULL, check=False)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def empty_checks(count: int) -> list[Check]:
    """Checks that read nothing, as values."""

    def nothing(manifest: Manifest) -> list[object]:  # noqa: ARG001
        """Reads nothing."""
        return []

    return [check(f"trial/empty-{n}", Severity.NOTE)(nothing) for n in range(count)]  # type: ignore[arg-type]


def corpus_seconds(files: Sequence[Path], chosen: Sequence[Check]) -> float:
    """Read and audit each file, all in this process, by processor time."""
    settings = Settings()
    start = time.process_time()
    for file in files:
        audit(open_project(file, settings), settings, date(2026, 11, 24), chosen)
    return time.process_time() - start


def plugin(folder: Path, count: int) -> str:
    """A plugin with that many modules of one empty check, as pip would lay it out."""
    package = folder / "trial_checks"
    package.mkdir(parents=True)
    names = [f"c{n}" for n in range(count)]
    (package / "__init__.py").write_text("")
    for n, name in enumerate(names):
        (package / f"{name}.py").write_text(EMPTY.format(n))
    info = folder / "trial_checks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trial-checks\nVersion: 1.0\n")
    points = "\n".join(f"{name} = trial_checks.{name}" for name in names)
    (info / "entry_points.txt").write_text(f"[conda_preflight.checks]\n{points}\n")
    return str(folder)


def main() -> None:
    """Print every figure."""
    print(f"conda-preflight {__version__}, {date.today().isoformat()}, {os.cpu_count()} cores,")  # noqa: DTZ011
    print(f"Python {platform.python_version()}, {len(checks())} rules, medians of {RUNS} runs")
    bare = seconds(sys.executable, "-c", "pass")
    version = seconds(PROGRAM, "--version")
    one = seconds(PROGRAM, "audit", EXAMPLE)
    print(f"python -c pass          {bare * 1000:7.1f} ms")
    print(f"--version               {version * 1000:7.1f} ms  {version / bare:5.1f} x  (at most 4)")
    print(f"audit of one manifest   {one * 1000:7.1f} ms  {one / bare:5.1f} x  (at most 12)")
    with tempfile.TemporaryDirectory() as folder:
        more = seconds(PROGRAM, "audit", EXAMPLE, paths=plugin(Path(folder), 100))
    print(f"with a plugin of 100    {more * 1000:7.1f} ms  +{(more / one - 1) * 100:4.1f} %")
    files = sorted(CORPUS.glob("*.y*ml")) if CORPUS.is_dir() else [EXAMPLE] * 200
    where = "real manifests" if CORPUS.is_dir() else "times the example (no corpus here)"
    corpus_seconds(files[:20], checks())
    plain = min(corpus_seconds(files, checks()) for _ in range(3))
    print(f"{len(files)} {where}: {len(files) / plain:.0f} files a second  (at least 40)")
    full = min(corpus_seconds(files, [*checks(), *empty_checks(100)]) for _ in range(3))
    print(f"100 more checks that read nothing: +{(full / plain - 1) * 100:.1f} %  (under 10)")


if __name__ == "__main__":
    main()
