"""Verdicts on recorded questions: the probes, and the conda halves of real manifests.

The corpus has offline channels in ``channel/`` and manifests in ``env/``, whose verdicts are in
``channel/solve_results.json`` and ``env/offline_solve.csv``.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.__main__ import CORPUS as ENV
from benchmarks.probes import PROBES, Probe
from conda_preflight.config import Settings
from conda_preflight.documents import Location, Manifest, VirtualPackage
from conda_preflight.opening import source_of
from conda_preflight.project import open_project
from conda_preflight.readers import environment_yml
from conda_preflight.solving.change import Change, changed
from conda_preflight.solving.explanation import Explanation, explain
from conda_preflight.solving.question import Question, Solved, Solver, Tier, Unsolvable
from conda_preflight.solving.site import Site, lines, question, unreadable

CHANNELS = ENV.parent / "channel"
CUDA = {"__cuda": "12.8"}
ANACONDA = ("defaults", "anaconda", "main")
LOSSY = "_from-conda-lock/conda-forge"
SECONDS = 30.0


@dataclass(frozen=True)
class Case:
    """A question, the lines that it came from, and the recorded verdict."""

    name: str
    manifest: Manifest | None
    question: Question | None
    recorded: str
    detail: str


def machine(stated: dict[str, str]) -> tuple[VirtualPackage, ...]:
    """What the recorded solves took the machine to have, with this over it."""
    rows = {"__unix": "0", "__linux": "5.15", "__glibc": "2.35", **stated}
    plain = [(name, version, "0") for name, version in rows.items()]
    return tuple(
        VirtualPackage(name, version, build, "linux-64", Location(""))
        for name, version, build in sorted([*plain, ("__archspec", "1", "x86_64_v3")])
    )


def tier(name: str) -> Tier:
    """A channel of the corpus."""
    return Tier(((CHANNELS / name).as_uri(),), name)


def probes() -> list[Case]:
    """The 42 probes as manifests."""
    recorded = json.loads((CHANNELS / "solve_results.json").read_text())
    return [_probe(probe, *recorded[probe.name][:2]) for probe in PROBES]


def _probe(probe: Probe, solvable: bool, detail: object) -> Case:  # noqa: FBT001
    rows = "".join(f"  - {json.dumps(spec)}\n" for spec in probe.specs)
    manifest = _manifest(f"channels: [x]\ndependencies:\n{rows}".encode())
    tiers = tuple(tier(name) for name in probe.channels)
    asked = Question("linux-64", probe.specs, tiers, machine(probe.virtual), probe.strict)
    return Case(probe.name, manifest, asked, "OK" if solvable else "UNSAT", str(detail))


def _manifest(data: bytes) -> Manifest:
    read = environment_yml.read(source_of(data, "environment.yml"))
    return next(doc for doc in read if isinstance(doc, Manifest))


def manifests() -> list[Case]:
    """The real manifests."""
    with (ENV / "offline_solve.csv").open(newline="") as stream:
        return [_case(row) for row in csv.DictReader(stream)]


def _case(row: dict[str, str]) -> Case:
    file = ENV / row["file"]
    found = open_project(file, Settings()).of(Manifest) if file.is_file() else ()
    if not found:
        return Case(row["file"], None, None, row["result"], row["detail"])
    manifest = found[0]
    asked = question(manifest, "linux-64", Site())
    specs = tuple(spec.rpartition("::")[2] for spec in asked.specs)
    tiers = tuple(map(tier, _channels(manifest)))
    asked = replace(asked, specs=specs, tiers=tiers, strict=False, virtual_packages=machine(CUDA))
    return Case(row["file"], manifest, asked, row["result"], row["detail"])


def _channels(manifest: Manifest) -> list[str]:
    """Channels of the corpus for those of a manifest, conda-forge at last as a stand-in."""
    names: list[str] = []
    for channel in manifest.channels:
        name = "pkgs/main" if channel.name in ANACONDA else channel.name
        names += [name, LOSSY] if name == "conda-forge" else [name]
    names = [*(names or ["pkgs/main"]), "conda-forge", LOSSY]
    return [name for name in dict.fromkeys(names) if (CHANNELS / name).is_dir()]


@dataclass(frozen=True)
class Outcome:
    """What became of a case; ``is_verified`` says that its changes were seen to solve it."""

    case: Case
    verdict: str
    explanation: Explanation | None = None
    is_verified: bool = False
    seconds: float = 0.0


def outcomes(cases: list[Case], solver: Solver) -> Iterator[Outcome]:
    """The verdict on each case, and the explanation where it has no solution."""
    for case in cases:
        if case.manifest is None or case.question is None:
            yield Outcome(case, "unreadable")
        elif refused := unreadable(case.manifest, "linux-64"):
            yield Outcome(case, f"refused: line {refused[0].location.line}")
        else:
            yield _outcome(case, case.manifest, case.question, solver)


def _outcome(case: Case, manifest: Manifest, asked: Question, solver: Solver) -> Outcome:
    answer = solver.solve(asked)
    if isinstance(answer, Solved):
        return Outcome(case, "OK")
    if not isinstance(answer, Unsolvable):
        return Outcome(case, f"untried: {answer.reason}")
    start = time.perf_counter()
    found = explain(solver, manifest, asked, answer.tree, SECONDS)
    seconds = time.perf_counter() - start
    return Outcome(case, "UNSAT", found, _solves(found, manifest, asked, solver), seconds)


def _solves(found: Explanation, manifest: Manifest, asked: Question, solver: Solver) -> bool:
    """Whether the manifest with the proposed changes has a solution, asked anew."""
    if not found.changes:
        return False
    new = {id(change.line): change.new for change in found.changes}
    rows = lines(manifest, asked.platform)
    moved = changed(
        asked,
        [
            Change(n, asked.specs[n], new[id(line)].rpartition("::")[2])
            for n, line in enumerate(rows)
            if id(line) in new
        ],
    )
    return isinstance(solver.solve(moved), Solved)


def folder_exists() -> bool:
    """Whether the corpus is here."""
    return CHANNELS.is_dir() and Path(ENV / "offline_solve.csv").is_file()
