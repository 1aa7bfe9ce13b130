"""A ledger of 100,000 audits, and one of 10,000 environments with 1,000,000 findings.

    python -m benchmarks.ledger [FOLDER]

Fills both (minutes), then measures what a person or a dashboard asks of them. Seconds are of the
processor, of this process or of the command that was run.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from conda_preflight.ledger.book import Ledger, open_ledger
from conda_preflight.ledger.record import Environment, KeptPackage, Links, Mark, ReadFile, Record

PROJECTS, AUDITS = 1_000, 100
FLEET, FINDINGS = 10_000, 100
PACKAGES = 100
RULES = tuple(f"family/rule-{n}" for n in range(260))


LINKS = Links(
    sizes=tuple(1000 * (number + 1) for number in range(PACKAGES)),
    needs=tuple(tuple({number // 2, number // 3} - {number}) for number in range(PACKAGES)),
    asked=tuple((number, f"package-{number}", "environment.yml:9") for number in range(40, 60)),
)
"""Who needs whom, some levels deep."""


def audit(project: int, number: int, findings: int) -> Record:
    """An audit of which a little changes each time: a finding, and every tenth time a package."""
    marks = tuple(mark(n) for n in range(number % 3, findings + number % 3))
    kept = tuple(
        KeptPackage("conda", f"package-{n}", f"{number // 10 if n == 0 else n}.0", "h0_0")
        for n in range(PACKAGES)
    )
    day = f"2026-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
    return Record(
        command="audit",
        at=f"{day}T10:00:00.000000Z",
        user="ci",
        host="runner",
        tool="1.0",
        project=f"github.com/org/project-{project:05}",
        name=f"project-{project:05}",
        revision=f"{number:040x}",
        verdict="NO_GO",
        files=(ReadFile("environment.yml", "environment.yml", "ab" * 32),),
        coverage={"passed": 50, "failed": 10},
        marks=marks,
        rules=RULES,
        whole=True,
        environments=(Environment("conda-lock.yml", "", "linux-64", kept, LINKS),),
    )


def mark(number: int) -> Mark:
    """A finding; every tenth is about an advisory."""
    name = hashlib.sha256(str(number).encode()).hexdigest()[:32]
    ids = (f"CVE-2026-{number}",) if number % 10 == 0 else ()
    rule, about = RULES[number % len(RULES)], f"package-{number}"
    return Mark(rule, "error", about, "conda-lock.yml", 3, f"{about} is wrong", name, "", ids)


def filled(file: Path, records: Iterator[Record], title: str) -> Ledger:
    """A ledger with the records; the disk is not waited for while it is filled."""
    ledger = open_ledger(str(file))
    ledger._store.run("PRAGMA synchronous = OFF")  # noqa: SLF001
    begun = time.process_time()
    count = sum(ledger.append(record).is_new for record in records)
    spent = time.process_time() - begun
    size = file.stat().st_size / 1e6
    print(f"{title}: {count:,} records, {size:,.0f} MB, {spent / count * 1e3:.2f} ms each")
    return ledger


def asked(title: str, question: Callable[[], object], runs: int = 3) -> None:
    """Print what a question costs, the best of some runs."""
    times = []
    for _ in range(runs):
        begun = time.process_time()
        answer = question()
        times.append(time.process_time() - begun)
    rows = len(answer) if isinstance(answer, tuple) else 1
    print(f"  {title:46} {min(times) * 1e3:8.1f} ms  {rows} rows")


def command(file: Path, *words: str) -> None:
    """Print what the command costs, its start included, the best of five."""
    times = []
    environment = {**os.environ, "CONDA_PREFLIGHT_LEDGER": str(file)}
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words_all = [sys.executable, "-m", "conda_preflight", "history", *words]
        subprocess.run(words_all, env=environment, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"  {'history ' + ' '.join(words):46} {min(times) * 1e3:8.1f} ms")


def cost_of_recording(folder: Path) -> None:
    """Print what a record adds to the audit of one manifest, by turns, the best of each."""
    manifest = folder / "environment.yml"
    manifest.write_text("name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n")
    times: dict[str, list[float]] = {"off": [], str(folder / "one.db"): []}
    for _ in range(30):
        for place, taken in times.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            words = [sys.executable, "-m", "conda_preflight", "audit", str(manifest)]
            here = {**os.environ, "CONDA_PREFLIGHT_LEDGER": place}
            subprocess.run(words, env=here, check=False, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    without, recorded = (min(taken) * 1e3 for taken in times.values())
    print(f"audit of one manifest: {without:.0f} ms, recorded {recorded:.0f} ms")


def many_audits(folder: Path) -> None:
    """One hundred audits of each of a thousand projects."""
    file, project = folder / "audits.db", "github.com/org/project-00500"
    records = (audit(p, n, 10) for n in range(AUDITS) for p in range(PROJECTS))
    with filled(file, records, "audits") as ledger:
        asked("timeline", lambda: ledger.timeline(project))
        asked("package events", lambda: ledger.events(project, "package-0"))
        asked("spells of a rule", lambda: ledger.spells(project, rule=RULES[1]))
        asked("one record", lambda: ledger.record(50_000))
        asked("verify", ledger.verify, runs=1)
    command(file, project)
    command(file, project, "--package", "package-0")


def large_fleet(folder: Path) -> None:
    """One audit of each of ten thousand environments, a hundred findings each."""
    records = (audit(p, 0, FINDINGS) for p in range(FLEET))
    with filled(folder / "fleet.db", records, "fleet") as ledger:
        asked("projects, a page of 100", lambda: ledger.projects(limit=100))
        asked("projects, all", lambda: ledger.projects(limit=FLEET))
        asked("where is a package, 1,000 of 10,000 places", lambda: ledger.where_is("package-7"))
        asked("where is an advisory, 1,000 of 10,000", lambda: ledger.where_found("CVE-2026-10"))
        asked("a rule everywhere, 1,000 spells", lambda: ledger.spells(None, rule=RULES[7]))
        asked("findings over time", ledger.findings_over_time)
        asked("latest records", ledger.latest)


def main() -> None:
    with tempfile.TemporaryDirectory() as usual:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(usual)
        cost_of_recording(folder)
        many_audits(folder)
        large_fleet(folder)


if __name__ == "__main__":
    main()
