"""Records for tests, and a program that writes them until it is killed."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.record import Environment, KeptPackage, Mark, ReadFile, Record

RULES = ("lock/missing", "manifest/wildcard", "vuln/known")


def mark(about: str, rule: str = RULES[0], **more: object) -> Mark:
    values = {
        "rule": rule,
        "severity": "error",
        "about": about,
        "path": "environment.yml",
        "line": 3,
        "message": f"{about} is wrong",
        "fingerprint": f"{abs(hash_of(rule, about)):032x}",
    }
    return Mark(**values | more)


def hash_of(*words: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:15], "big")


def packages(*pairs: tuple[str, str], path: str = "conda-lock.yml") -> Environment:
    kept = tuple(KeptPackage("conda", name, version, "h0_0") for name, version in pairs)
    return Environment(path, "", "linux-64", kept)


def record(
    number: int = 1,
    marks: Iterable[Mark] = (),
    environments: Iterable[Environment] = (),
    **more: object,
) -> Record:
    minute, second = divmod(number, 60)
    values = {
        "command": "audit",
        "at": f"2026-11-24T10:{minute % 60:02}:{second:02}.000000Z",
        "user": "jane",
        "host": "node-1",
        "tool": "1.0",
        "project": "github.com/org/repo",
        "name": "repo",
        "revision": f"{number:040x}",
        "dirty": False,
        "verdict": "GO",
        "files": (ReadFile("environment.yml", "environment.yml", "ab" * 32),),
        "coverage": {"passed": 3, "failed": 0},
        "marks": tuple(marks),
        "rules": RULES,
        "whole": True,
        "environments": tuple(environments),
    }
    return Record(**values | more)


def write(url: str, name: str, first: int, count: int) -> None:
    """Append records one by one, and say so of each on stdout when it is kept."""
    with open_ledger(url) as ledger:
        for number in range(first, first + count):
            found = record(number, [mark(f"{name}-{number % 7}")], subject=f"{name}.yml")
            entry = ledger.append(found, key=f"{name}-{number}")
            sys.stdout.write(f"{number} {entry.seq} {entry.digest}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
