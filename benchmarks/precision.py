"""Draws error-level findings on a folder of real manifests, for a count by hand.

``python -m benchmarks.precision [COUNT]`` prints them with their source lines; the same
seed draws the same findings from the same files and rules.
"""

from __future__ import annotations

import random
import sys
from datetime import date

from benchmarks.__main__ import CORPUS
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.project import open_project
from conda_preflight.report import Finding, Severity

SEED = 20261124


def errors() -> list[Finding]:
    """Every finding of level error on every manifest, each file audited alone."""
    settings = Settings()
    found: list[Finding] = []
    for file in sorted(CORPUS.glob("*.y*ml")):
        report = audit(open_project(file, settings), settings, date(2026, 11, 24))
        found.extend(f for f in report.findings if f.severity is Severity.ERROR)
    return found


def main() -> None:
    """Print the drawn findings and how many there were to draw from."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    found = errors()
    drawn = random.Random(SEED).sample(found, min(count, len(found)))  # noqa: S311
    for number, finding in enumerate(drawn, 1):
        at = finding.problem.location
        print(f"{number}. {finding.rule} {at.path}:{at.line}")
        print(f"   {finding.problem.message}\n   | {finding.excerpt.strip()}")
    print(f"{len(drawn)} of {len(found)} errors, seed {SEED}")


if __name__ == "__main__":
    main()
