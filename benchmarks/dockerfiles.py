"""Our rules for Dockerfiles beside hadolint's, on the Dockerfiles of a folder.

``python -m benchmarks.dockerfiles FOLDER`` counts, for each rule of either side, the files that it
speaks of. With ``--draw 100`` it prints every error, and warnings drawn with a fixed seed until
there are so many, each with its line, for a count by hand.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from datetime import date
from pathlib import Path

from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.documents import Dockerfile
from conda_preflight.engines.hadolint import HadolintProgram, find
from conda_preflight.errors import Skip
from conda_preflight.project import open_project
from conda_preflight.report import Finding, Severity, Status

SEED = 20261124
FAMILIES = ("image", "joint")


def ours(path: Path) -> list[Finding] | None:
    """What the families say of a file audited alone; None where it is no Dockerfile."""
    settings = Settings(select=FAMILIES)
    project = open_project(path, settings)
    if not project.of(Dockerfile):
        return None
    report = audit(project, settings, date(2026, 11, 24))
    crashed = [o.rule for o in report.outcomes if o.status is Status.CRASHED]
    if crashed:
        raise AssertionError(f"{crashed} crashed on {path}")
    return list(report.findings)


def theirs(program: HadolintProgram, text: str) -> list[str]:
    """The codes of hadolint's remarks."""
    try:
        return [remark.code for remark in program.remarks(text)]
    except Skip:
        return ["(no answer)"]


def draw(findings: list[Finding], count: int) -> list[Finding]:
    """All errors, and as many warnings as are missing; the same seed draws the same."""
    errors = [f for f in findings if f.severity is Severity.ERROR]
    warnings = [f for f in findings if f.severity is Severity.WARNING]
    missing = min(max(count - len(errors), 0), len(warnings))
    return [*errors, *random.Random(SEED).sample(warnings, missing)]  # noqa: S311


def show(findings: list[Finding]) -> None:
    """Each finding with its line."""
    for number, finding in enumerate(findings, 1):
        at = finding.problem.location
        print(f"{number}. {finding.severity.value} {finding.rule} {at.path}:{at.line}")
        print(f"   {finding.problem.message}\n   | {finding.excerpt.strip()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    given = parser.parse_args()
    read = {path: ours(path) for path in sorted(given.folder.iterdir()) if path.is_file()}
    told = {path: found for path, found in read.items() if found is not None}
    if given.draw:
        show(draw([finding for found in told.values() for finding in found], given.draw))
        return
    program = find()
    if isinstance(program, str):
        parser.exit(2, f"{program}\n")
    here, there, severities = Counter[str](), Counter[str](), Counter[str]()
    for path, found in told.items():
        here.update({finding.rule for finding in found})
        severities.update(finding.severity.value for finding in found)
        there.update(set(theirs(program, path.read_text(encoding="utf-8", errors="replace"))))
    print(f"{len(told)} Dockerfiles; findings here by weight: {dict(severities)}\n")
    print("| rule | files |\n|---|---:|")
    for rule, count in (*here.most_common(), *there.most_common()):
        print(f"| `{rule}` | {count} |")


if __name__ == "__main__":
    main()
