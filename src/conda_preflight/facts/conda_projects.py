"""Which project of PyPI a conda package is, for those of which somebody has looked.

The rows of ``tables/conda_projects.csv`` were taken from files/v0/conda-forge/
compressed_mapping.json in https://github.com/prefix-dev/parselmouth (BSD-3-Clause), which was made
from the metadata inside conda-forge's packages: those packages that environments for models use and
those of which there are advisories. A package that is not here is not taken for the project of its
name: ``redis`` is a server, and PyPI's ``redis`` its client.
"""

from __future__ import annotations

import csv
from functools import cache

from conda_preflight.facts.names import OTHER_THINGS, PROJECTS, normalized
from conda_preflight.facts.table import FOLDER


@cache
def conda_projects() -> dict[str, str]:
    """Normalized names of projects, by the name of the conda package."""
    with (FOLDER / "conda_projects.csv").open(encoding="utf-8", newline="") as stream:
        return {row["package"]: normalized(row["project"]) for row in csv.DictReader(stream)}


def project_of(package: str) -> str:
    """The project of PyPI that a conda package is, empty where that is not known."""
    if package in OTHER_THINGS:
        return ""
    return next(iter(PROJECTS.get(package, ())), "") or conda_projects().get(package, "")
