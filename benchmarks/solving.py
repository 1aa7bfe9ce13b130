"""``python -m benchmarks.solving [PART ...]``: verdicts, explanations, speed and size of solves.

Parts: verdicts, overhead, large, snapshots, check, exits; all without an argument. Verdicts,
overhead and snapshots need the corpus that CONDA_PREFLIGHT_CORPUS names.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from benchmarks import exits, verdicts
from benchmarks.__main__ import PROGRAM, seconds
from benchmarks.verdicts import Case, Outcome
from conda_preflight.engines.rattler_solver import RattlerSolver
from conda_preflight.solving import snapshot
from conda_preflight.solving.question import Question, Reachable, Solved, Tier
from conda_preflight.testing.channel import record, write_benchmark_channel, write_channel

PAIRS = 15
_CLOCKS = ("bare CPU s", "ours", "more", "bare wall s", "ours", "more")
LARGE = 200_000
LOCKED = 400
MEGABYTE = 1_000_000


def row(*cells: object) -> None:
    """One row of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def heading(title: str, *columns: str) -> None:
    """A title and the head of a table."""
    print(f"\n### {title}\n")
    row(*columns)
    row(*("---" for _ in columns))


def show_verdicts() -> None:
    """Both collections: the same verdict, the guilty lines, and a change that solves."""
    for title, cases in (("probes", verdicts.probes()), ("manifests", verdicts.manifests())):
        found = list(verdicts.outcomes(cases, RattlerSolver()))
        same = [each for each in found if each.verdict == each.case.recorded]
        unsat = [each for each in found if each.explanation]
        named = [each for each in unsat if each.explanation and each.explanation.guilty]
        solved = [each for each in unsat if each.is_verified]
        slowest = max(each.seconds for each in unsat)
        middle = statistics.median(each.seconds for each in unsat)
        heading(f"Verdicts: {title}", "what", "figure")
        row("same verdict", f"{len(same)} of {len(found)}")
        row("unsolvable, guilty lines named", f"{len(named)} of {len(unsat)}")
        row("unsolvable, a change that was seen to solve", f"{len(solved)} of {len(unsat)}")
        row("seconds for an explanation, median and most", f"{middle:.2f}, {slowest:.1f}")
        _show_differences(found)
        if title == "probes":
            _show_explanations(unsat)


def _show_differences(found: Iterable[Outcome]) -> None:
    heading("Where the verdict differs", "file", "recorded", "here")
    for each in found:
        if each.verdict != each.case.recorded:
            row(each.case.name, f"{each.case.recorded}: {each.case.detail[:90]}", each.verdict)


def _show_explanations(found: Iterable[Outcome]) -> None:
    heading("What is said of the unsolvable probes", "probe", "guilty", "why", "instead")
    for each in found:
        told = each.explanation
        if told is not None:
            row(
                each.case.name,
                ", ".join(f"`{line.text}`" for line in told.guilty),
                " ".join(told.why),
                ", ".join(f"`{c.line.text}`: `{c.new or 'out'}`" for c in told.changes),
            )


def show_overhead() -> None:
    """Our solve and a bare one of the same question, in pairs, each with what it must read."""
    heading("Our solve against a bare one", "question", *_CLOCKS)
    cases = {case.name: case for case in verdicts.probes()}
    for name in (
        "python 3.12 + numpy + scipy + pandas",
        "pytorch-gpu with __cuda 12.8",
        "pytorch 2.7 + transformers + datasets + python 3.12",
        "pytorch=2.3 pytorch-cuda=12.1 (pytorch,nvidia,conda-forge)",
    ):
        asked = cases[name].question
        assert asked is not None  # noqa: S101
        pairs = [_pair(asked, turned=bool(n % 2)) for n in range(PAIRS)]
        cells = []
        for clock in (0, 1):
            bare, ours = zip(*((b[clock], o[clock]) for b, o in pairs), strict=True)
            more = statistics.median(o / b for b, o in zip(bare, ours, strict=True))
            middle = (f"{statistics.median(column):.3f}" for column in (bare, ours))
            cells += [*middle, f"{(more - 1) * 100:+.0f} %"]
        row(name, *cells)


def _pair(asked: Question, *, turned: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """CPU and wall seconds of a bare solve and of ours, which go first in turns."""
    if turned:
        ours = _timed(_ours, asked)
        return _timed(_bare, asked), ours
    return _timed(_bare, asked), _timed(_ours, asked)


def _timed(solve: Callable[[Question], object], asked: Question) -> tuple[float, float]:
    start, used = time.perf_counter(), time.process_time()
    solve(asked)
    return time.process_time() - used, time.perf_counter() - start


def _ours(asked: Question) -> object:
    return RattlerSolver().solve(asked)


def _bare(asked: Question) -> object:
    from rattler import (
        BuildString,
        Channel,
        ChannelPriority,
        Gateway,
        GenericVirtualPackage,
        MatchSpec,
        PackageName,
        Version,
        solve,
    )

    machine = [
        GenericVirtualPackage(PackageName(v.name), Version(v.version), BuildString(v.build))
        for v in asked.virtual_packages
    ]
    priority = ChannelPriority.Strict if asked.strict else ChannelPriority.Disabled
    return asyncio.run(
        solve(
            [Channel(url) for tier in asked.tiers for url in tier.urls],
            [MatchSpec(spec, strict=False) for spec in asked.specs],
            gateway=Gateway(),
            platforms=[asked.platform, "noarch"],  # type: ignore[list-item]
            virtual_packages=machine,
            channel_priority=priority,
            timestamp_policy="allow-missing",
        )
    )


def show_large() -> None:
    """The first solve of a channel as large as the public ones, in a process of its own."""
    heading(f"A channel of {LARGE} records", "what", "CPU s", "wall s", "peak MB")
    with tempfile.TemporaryDirectory() as folder:
        channel = write_benchmark_channel(Path(folder, "channel"), LARGE)
        for spec in ("package-99", "package-9999"):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.solving",
                    "--one",
                    channel.as_uri(),
                    spec,
                    folder,
                ],
                check=True,
                capture_output=True,
                text=True,
            )
            row(f"first solve of {spec}", *json.loads(done.stdout))


def one(url: str, spec: str, folder: str) -> None:
    """Solve once and print CPU seconds, wall seconds and peak megabytes."""
    import rattler  # noqa: F401  (its import is not part of the solve)

    before, start = time.process_time(), time.perf_counter()
    asked = Question("linux-64", (spec,), (Tier((url,), "channel"),), verdicts.machine({}))
    answer = RattlerSolver(cache=Path(folder, "cache")).solve(asked)
    assert isinstance(answer, Solved)  # noqa: S101
    used = time.process_time() - before
    status = Path("/proc/self/status").read_text()  # getrusage counts the parent's memory too
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps([round(used, 2), round(time.perf_counter() - start, 2), round(peak)]))


def show_snapshots() -> None:
    """The snapshot of each solvable manifest: its size, and whether it gives the same packages."""
    sizes: dict[str, int] = {}
    different = []
    live = RattlerSolver()
    for case in (*verdicts.probes(), *verdicts.manifests()):
        found = _repeated(case, live)
        if found is not None:
            sizes[case.name] = found[0]
            different += [] if found[1] else [case.name]
    heading("Snapshots of what can be solved", "what", "figure")
    largest = max(sizes, key=sizes.__getitem__)
    row("snapshots", len(sizes))
    row("the same packages from the snapshot", f"{len(sizes) - len(different)} of {len(sizes)}")
    row("median size", f"{statistics.median(sizes.values()) / 1000:.0f} kB")
    row("largest", f"{sizes[largest] / 1000:.0f} kB ({largest})")
    row("over 1 MB", sum(size > MEGABYTE for size in sizes.values()))


def _repeated(case: Case, live: RattlerSolver) -> tuple[int, bool] | None:
    """The bytes of its snapshot, and whether the offline answer is the same; None unsolvable."""
    if case.question is None:
        return None
    answer = live.solve(case.question)
    records = live.reachable(case.question)
    if not isinstance(answer, Solved) or not isinstance(records, Reachable):
        return None
    data = snapshot.write([snapshot.slimmed(records, answer.packages)])
    again = RattlerSolver(snapshot=snapshot.read(data)).solve(case.question)
    return len(data), _texts(again) == _texts(answer)


def _texts(answer: object) -> list[str]:
    return [repr(package) for package in getattr(answer, "packages", ())]


def show_check() -> None:
    """``lock --check`` of a lock of so many packages, against the bare interpreter."""
    heading(f"lock --check of {LOCKED} packages", "what", "ms", "times `python -c pass`")
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            record(f"p{n}", "1.0", depends=[f"p{m} >=1" for m in range(n + 1, min(LOCKED, n + 6))])
            for n in range(LOCKED)
        ]
        write_channel(Path(folder, "c"), rows)
        Path(folder, "environment.yml").write_text(
            "name: x\nchannels: [./c]\nplatforms: [linux-64]\ndependencies:\n  - p0=1.0\n"
        )
        subprocess.run([PROGRAM, "lock", folder, "-q"], check=True)
        bare = seconds(sys.executable, "-c", "pass")
        taken = seconds(PROGRAM, "lock", "--check", folder)
    row("python -c pass", f"{bare * 1000:.1f}", 1)
    row("lock --check", f"{taken * 1000:.1f}", f"{taken / bare:.1f} (at most 25)")


def show_exits() -> None:
    """How runs of ``lock`` end."""
    heading("How runs end", "what", "runs", "exit codes")
    for what, codes in exits.lock_codes(exits.RUNS):
        row(what, sum(codes.values()), dict(codes))


PARTS: dict[str, Callable[[], None]] = {
    "verdicts": show_verdicts,
    "overhead": show_overhead,
    "large": show_large,
    "snapshots": show_snapshots,
    "check": show_check,
    "exits": show_exits,
}
NEED_CORPUS = ("verdicts", "overhead", "snapshots")


def main() -> None:
    """Print the figures of the parts that are named, or of all."""
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
        return
    from conda_preflight import __version__

    today = date.today().isoformat()  # noqa: DTZ011
    print(f"conda-preflight {__version__}, {today}, {os.cpu_count()} cores,", end=" ")
    print(f"Python {platform.python_version()}, medians of pairs where two are compared")
    for part in sys.argv[1:] or PARTS:
        if part in NEED_CORPUS and not verdicts.folder_exists():
            print(f"\n{part}: not measured, there is no corpus here")
        else:
            PARTS[part]()


if __name__ == "__main__":
    main()
