"""500 packages against all records of a database, in processor time.

The packages are those of the environments whose flaws are known (``vuln/truth`` below
CONDA_PREFLIGHT_FACTS), each name in one version as in an environment; filled up with projects
that have no record, and, as the worst that can be, with products of which each has records.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.vulnerabilities import FACTS, nothing
from conda_preflight.actions.db_update import Wanted, update
from conda_preflight.advisories import versions
from conda_preflight.advisories.matching import match
from conda_preflight.documents import Location, Package
from conda_preflight.documents.advisory import Identified, Identity
from conda_preflight.engines.advisory_store import AdvisoryStore
from conda_preflight.engines.advisory_web import Web

PACKAGES, RUNS = 500, 9
NOWHERE = Location(Path("conda-linux-64.lock"), 1, 1)


def known() -> Iterator[Identified]:
    """What the environments hold, each name once."""
    rows: dict[str, Identified] = {}
    for file in sorted((FACTS / "truth").glob("env*.json")):
        for row in json.loads(file.read_bytes())["packages"]:
            pairs = (("PyPI", row["pypi"]), ("Upstream", row["upstream"]))
            found = [Identity(e, n, row["version"], "") for e, n in pairs if n]
            made = Package(row["manager"], row["name"], row["version"], NOWHERE)
            rows[row["name"]] = Identified(made, tuple(found))
    yield from rows.values()


def others(store: AdvisoryStore) -> Iterator[Identified]:
    """Products in an order of chance, at a version that a record names."""
    pairs = sorted(store.rows("SELECT DISTINCT ecosystem, name FROM product"))
    random.Random(1).shuffle(pairs)  # noqa: S311
    for ecosystem, name in pairs:
        events = [
            version
            for record in store.lookup(str(ecosystem), str(name))
            for affected in record.affected
            for events in affected.ranges
            for _, version in events
        ]
        version = events[len(events) // 2] if events else "1.0"
        identity = Identity(str(ecosystem), str(name), version, "")
        yield Identified(Package("conda", str(name), version, NOWHERE), (identity,))


def silent() -> Iterator[Identified]:
    """Projects without any record."""
    for number in range(PACKAGES):
        name = f"no-such-project-{number}"
        identity = Identity("PyPI", name, "1.0", "")
        yield Identified(Package("conda", name, "1.0", NOWHERE), (identity,))


def measure(file: Path, title: str, packages: Sequence[Identified]) -> None:
    taken = []
    for _ in range(RUNS):
        versions.key.cache_clear()
        with AdvisoryStore(file) as store:
            start = time.process_time()
            found = match(packages, store.lookup)
            taken.append(time.process_time() - start)
    told = f"{len(packages)} packages, {title}: {len(found)} flaws of every state"
    print(f"{told}, {statistics.median(taken) * 1000:.0f} ms (aim: at most 300)")


def main() -> int:
    if not FACTS.exists():
        print(f"no records at {FACTS}: set CONDA_PREFLIGHT_FACTS")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "advisories.db"
        urls = {
            "osv_url": (FACTS / "osv-bucket").as_uri(),
            "native_url": (FACTS / "osv-native.jsonl.gz").as_uri(),
            "kev_url": (FACTS / "known_exploited_vulnerabilities.json").as_uri(),
        }
        update(Wanted(file, epss_url="none", **urls), Web(), nothing)
        real = tuple(known())
        with AdvisoryStore(file) as store:
            worst = (*real, *others(store))[:PACKAGES]
        measure(file, f"{len(real)} of known environments", (*real, *silent())[:PACKAGES])
        measure(file, "all with records", worst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
