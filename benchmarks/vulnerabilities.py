"""The advisory database: how large it is, how long it takes to make, to ask, to carry.

Records come from the folder that CONDA_PREFLIGHT_FACTS names (it holds ``vuln/osv-bucket`` and
``vuln/osv-native.jsonl.gz``). As much again as OSV publishes of PyPI is imitated by records of
the same kind under other names.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from conda_preflight.actions.db_transfer import export
from conda_preflight.actions.db_update import Wanted, update
from conda_preflight.engines.advisory_store import AdvisoryStore
from conda_preflight.engines.advisory_web import Web

TOP = Path(__file__).parents[1]
FACTS = Path(os.environ.get("CONDA_PREFLIGHT_FACTS", TOP.parent / "shared" / "facts")) / "vuln"
TIMES = 8
"""So many times the records at hand are more than OSV has of PyPI (some 40,000 with malware)."""

NAMES = 500


def nothing(*_: object) -> None:
    """Progress that nobody looks at."""


def timed(name: str, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    said = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"  {name:44} {wall * 1000:8.0f} ms, {cpu * 1000:.0f} ms of a processor  {said}")


def many(folder: Path) -> None:
    """A bucket with each record of the real one several times, about other projects."""
    place = folder / "PyPI"
    place.mkdir(parents=True)
    with (
        zipfile.ZipFile(FACTS / "osv-bucket" / "PyPI" / "all.zip") as real,
        zipfile.ZipFile(place / "all.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for entry in real.namelist():
            record = json.loads(real.read(entry))
            for time_ in range(TIMES):
                again = {**record, "id": f"{record['id']}-{time_}"}
                text = json.dumps(again).replace('"name": "', f'"name": "{"x" * time_}')
                made.writestr(f"{again['id']}.json", text)


def asked(file: Path, names: list[str]) -> str:
    with AdvisoryStore(file) as store:
        found = sum(len(store.lookup("PyPI", name)) for name in names)
    return f"{found} records"


def measure(folder: Path) -> None:
    lists = {"kev_url": (FACTS / "known_exploited_vulnerabilities.json").as_uri()}
    native = (FACTS / "osv-native.jsonl.gz").as_uri()
    many(folder / "many")
    for title, bucket in (("real", FACTS / "osv-bucket"), ("many", folder / "many")):
        wanted = Wanted(
            folder / f"{title}.db",
            osv_url=bucket.as_uri(),
            native_url=native,
            epss_url="none",
            **lists,
        )
        print(f"{title} records")
        timed("full build", lambda: update(wanted, Web(), nothing).steps[0].said)  # noqa: B023
        timed("an update without news", lambda: update(wanted, Web(), nothing).steps[0].said)  # noqa: B023
        file = wanted.file
        print(f"  size of the database {file.stat().st_size / 1e6:.1f} MB (aim: under 60)")
        with AdvisoryStore(file) as store:
            rows = store.rows("SELECT DISTINCT name FROM product WHERE ecosystem = 'PyPI'")
            known = sorted(str(row[0]) for row in rows)
            out = folder / f"{title}.jsonl.gz"
            timed("export", lambda: export(store, out, nothing))  # noqa: B023
        chosen = random.Random(1).sample(known, NAMES)  # noqa: S311
        usual = [*chosen[: NAMES // 5], *(f"unknown-{n}" for n in range(NAMES * 4 // 5))]
        timed("500 names, 100 of them with advisories", lambda: asked(file, usual))  # noqa: B023
        timed("500 names, all of them with advisories", lambda: asked(file, chosen))  # noqa: B023


def main() -> int:
    if not FACTS.exists():
        print(f"no records at {FACTS}: set CONDA_PREFLIGHT_FACTS")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
