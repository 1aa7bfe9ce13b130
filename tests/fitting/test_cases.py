"""Fragments of locks against targets: what the published facts say must be said."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.catalog import checks
from conda_preflight.config import Settings
from conda_preflight.documents import Host, Location, Lock, Package
from conda_preflight.target_sheets import open_target
from conda_preflight.testing import project_of

HERE = Path(__file__).parent
TODAY = date(2026, 11, 24)
FILES = ("worked_cases.csv", "cases.csv")
PACKAGE = re.compile(
    r"(pip|conda):([^=@]+)(?:==?([^=@]+))?(?:=([^@]+))?(?:@([^\[]+))?(?:\[(.+)\])?"
)
CHECKS = [check for check in checks() if check.rule.family == "target"]
RENAMED = {"Thor": "jetson-thor", "apple": "apple", "GB10": "gb10"}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def target_of(text: str) -> Host:
    """``A100 driver=525.105 glibc=2.31`` as a fact sheet."""
    name, *facts = text.split()
    named = ",".join((RENAMED.get(name, name.lower()), *facts))
    return next(doc for doc in open_target(named, {}) if isinstance(doc, Host))


def lock_of(text: str, host: Host) -> Lock:
    """``pip:torch==2.11.0; conda:pytorch=2.7.1=cuda129_py311@conda-forge`` as a lock."""
    place = Location("conda.lock", 1, 1)
    packages = [package_of(word.strip(), host.subdir, place) for word in text.split(";")]
    platforms = tuple(dict.fromkeys(p.platform for p in packages))
    return Lock("conda.lock", "explicit", "", place, platforms=platforms, packages=tuple(packages))


def package_of(word: str, subdir: str, place: Location) -> Package:
    found = PACKAGE.fullmatch(word)
    assert found, word
    half, name, version, build, origin, platform = found.groups()
    platform = platform or subdir
    if half == "pip":
        url = f"https://example.org/{origin}" if origin else ""
        version = version or (origin or "").split("-")[1]
        return Package("pypi", name, version, place, platform=platform, url=url)
    url = f"https://conda.anaconda.org/{origin}"
    return Package(
        "conda", name, version, place, build=build, platform=platform, subdir=platform, channel=url
    )


def said(row: dict[str, str]) -> set[str]:
    host = target_of(row["target"])
    lock = lock_of(row["lock"], host)
    project = project_of(lock, host)
    asked = engines(project, HERE, Settings())
    report = audit(project, Settings(), TODAY, CHECKS, engines=asked)
    crashed = [o.reason for o in report.outcomes if o.status.value == "crashed"]
    assert not crashed
    return {f"{f.severity.value}:{f.rule}" for f in report.findings}


@pytest.mark.parametrize("name", FILES)
def test_every_case_has_its_verdict(name):
    wrong = []
    for at, row in enumerate(rows(name), 2):
        wanted = set(row["expected"].split()) - {"ok"}
        if (found := said(row)) != wanted:
            wrong.append(f"{name}:{at} {row['lock']} | {row['target']}: {found} not {wanted}")
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong[:40])


def test_there_are_enough_cases_with_sources():
    every = [row for name in FILES for row in rows(name)]
    assert len({(row["lock"], row["target"]) for row in every}) >= 500
    assert all(row["source"] for row in every)
