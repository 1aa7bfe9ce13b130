"""Makes ``facts/tables/conda_needs.csv`` and ``pip_needs.csv`` from indexes and locks.

``python -m benchmarks.needs_tables CHANNELS LOCKS OUT``: CHANNELS is a folder of channels, each
with ``SUBDIR/repodata.json``; LOCKS a folder of lock files, of which the packages of PyPI are
read. A row tells what every build of a range of releases needs, as far as builds were seen.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from conda_preflight.documents import Lock
from conda_preflight.errors import PreflightError
from conda_preflight.facts.brought import comes_with_all
from conda_preflight.facts.names import normalized
from conda_preflight.facts.version_range import numbers
from conda_preflight.grammar.reach import dependency_name
from conda_preflight.intake import read_file

SUBDIRS = ("linux-64", "noarch", "win-64", "osx-64", "osx-arm64")
PYTHONS = ("3.8", "3.11")
Builds = dict[str, list[frozenset[str]]]
"""What each build needs, by platform."""
Seen = dict[str, dict[str, Builds]]


def series(version: str) -> str:
    """The first two numbers."""
    return ".".join(map(str, numbers(version)[:2]))


def _nothing() -> Seen:
    return defaultdict(lambda: defaultdict(lambda: defaultdict(list)))


def conda(channels: Path) -> Seen:
    """What each build of each series needs."""
    found = _nothing()
    for file in sorted(channels.rglob("repodata.json")):
        if file.parent.name not in SUBDIRS:
            continue
        index = json.loads(file.read_text(encoding="utf-8"))
        for part in ("packages", "packages.conda"):
            for record in index.get(part, {}).values():
                names = {dependency_name(text).lower() for text in record["depends"]}
                needs = frozenset(n for n in names - {record["name"], "python"} if _counts(n))
                builds = found[record["name"]][series(record["version"])]
                builds[file.parent.name].append(needs)
    return found


def _counts(name: str) -> bool:
    return bool(name) and not name.startswith("__") and not comes_with_all(name)


def pip(locks: Path) -> Seen:
    """What each locked wheel needs on linux-64, without its extras."""
    found = _nothing()
    for file in sorted(locks.iterdir()):
        try:
            documents = read_file(file, file.name)
        except PreflightError:
            continue
        for lock in documents:
            for package in lock.packages if isinstance(lock, Lock) else ():
                if package.manager == "pypi" and package.depends:
                    needs = frozenset(filter(None, map(_needed, package.depends)))
                    builds = found[package.name][series(package.version)]
                    builds["linux-64"].append(needs - {package.name})
    return found


def _needed(text: str) -> str:
    """The project of a requirement that counts on linux-64, empty for others."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return normalized(dependency_name(text))
    marker = requirement.marker
    if marker and not any(marker.evaluate(_environment(version)) for version in PYTHONS):
        return ""
    return normalized(requirement.name)


def _environment(python: str) -> dict[str, str]:
    return {
        "extra": "",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_system": "Linux",
        "sys_platform": "linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "python_full_version": f"{python}.9",
    }


def always(builds: Builds) -> str:
    """What all builds of any platform need; builds that tell nothing do not count."""
    told = [[needs for needs in each if needs] for each in builds.values()]
    common = [frozenset.intersection(*each) for each in told if each]
    return " ".join(sorted(frozenset().union(*common)))


def rows(seen: Seen) -> Iterator[Mapping[str, str]]:
    """A row for each range of series with the same needs."""
    for name, versions in sorted(seen.items()):
        last: dict[str, str] = {}
        for version in sorted(versions, key=numbers):
            needs = always(versions[version])
            if last and last["needs"] == needs:
                last["last"] = version
                continue
            if last:
                yield last
            last = {"package": name, "first": version, "last": version, "needs": needs}
        yield last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channels", type=Path)
    parser.add_argument("locks", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    for name, seen in (("conda_needs", conda(given.channels)), ("pip_needs", pip(given.locks))):
        file = given.out / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(
                stream, ["package", "first", "last", "needs"], lineterminator="\n"
            )
            writer.writeheader()
            found = list(rows(seen))
            writer.writerows(found)
        print(f"{file}: {len(seen)} packages, {len(found)} rows")


if __name__ == "__main__":
    main()
