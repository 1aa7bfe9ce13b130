"""Environments of which the flaws are known: they are read from beside the repository."""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conda_preflight.advisories.identity import product_version
from conda_preflight.advisories.matching import match
from conda_preflight.advisories.record import parse
from conda_preflight.documents import Location, Package
from conda_preflight.documents.advisory import Advisory, Identified, Identity, Vulnerability

FACTS = Path(
    os.environ.get("CONDA_PREFLIGHT_FACTS")
    or Path(__file__).resolve().parents[3] / "shared" / "facts"
)
TRUTH = FACTS / "vuln" / "truth"

Row = tuple[str, str, str]
"""(package, installer, canonical id)."""


@dataclass(frozen=True)
class Measured:
    """What was told of one half, and what should have been."""

    told: frozenset[Row]
    expected: frozenset[Row]

    @property
    def recall(self) -> float:
        return len(self.told & self.expected) / len(self.expected) if self.expected else 1.0

    @property
    def precision(self) -> float:
        return len(self.told & self.expected) / len(self.told) if self.told else 1.0


@cache
def catalogue() -> dict[tuple[str, str], list[Advisory]]:
    """All records, by what they are about."""
    found: dict[tuple[str, str], list[Advisory]] = defaultdict(list)
    for name in ("osv-pypi", "osv-native"):
        with gzip.open(FACTS / "vuln" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                record = parse(line)
                for product in {(each.ecosystem, each.name) for each in record.affected}:
                    found[product].append(record)
    return found


def lookup(ecosystem: str, name: str) -> list[Advisory]:
    return catalogue().get((ecosystem, name), [])


def rows(environment: str, kind: str) -> list[dict[str, Any]]:
    return list(json.loads((TRUTH / f"{environment}.json").read_text())[kind])


def packages(environment: str) -> list[Identified]:
    return [identified(row) for row in rows(environment, "packages")]


def identified(row: dict[str, Any]) -> Identified:
    """A row with the identity that is told of it."""
    manager = "pypi" if row["manager"] == "pip" else "conda"
    version = row["version"]
    found = []
    if row["pypi"]:
        found.append(Identity("PyPI", row["pypi"], version, "dist-info"))
    if row["upstream"]:
        native = product_version(row["upstream"], version)
        found.append(Identity("Upstream", row["upstream"], native, "native table"))
    package = Package(manager, row["name"], version, Location(Path("environment"), 1, 1))
    return Identified(package, tuple(found), wheel=manager == "pypi")


def flaws(environment: str) -> tuple[Vulnerability, ...]:
    return match(packages(environment), lookup)


def measured(environment: str, half: str, found: tuple[Vulnerability, ...]) -> Measured:
    """One half, "pypi" or "native"."""
    ecosystem = {"pypi": "PyPI", "native": "Upstream"}[half]
    told = {row_of(f) for f in found if f.state == "affected" and f.identity.ecosystem == ecosystem}
    return Measured(frozenset(told), expected(environment, f"expected_{half}"))


def expected(environment: str, kind: str) -> frozenset[Row]:
    found = rows(environment, kind)
    return frozenset((row["package"], row["manager"], row["id"]) for row in found)


def row_of(flaw: Vulnerability) -> Row:
    """A flaw as the truth writes it."""
    manager = "pip" if flaw.package.manager == "pypi" else "conda"
    return flaw.package.name, manager, flaw.ids[0]
