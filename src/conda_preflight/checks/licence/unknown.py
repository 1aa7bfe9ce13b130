"""licence/unknown."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project, Sbom
from conda_preflight.grammar.licensing import packages_in, stated
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_SHOWN = 60


@check("licence/unknown", Severity.NOTE)
def unknown(document: Lock | Prefix | Sbom, project: Project) -> Iterator[Problem]:
    """The licence of a package is not known.

    It states none, or in words that are no SPDX expression and no usual name of a licence. Then no
    policy can judge it, and nobody should read its silence as consent. Of several classifiers it
    is not known whether all of them hold or one may be chosen. Both kinds are told once for a file.

    ## Fails

    ```json prefix/conda-meta/r-stringi-1.8.4-0.json
    {"name": "r-stringi", "version": "1.8.4", "build": "0", "license": "FOSS"}
    ```

    ```json prefix/conda-meta/numpy-2.0.0-0.json
    {"name": "numpy", "version": "2.0.0", "build": "0", "license": "BSD-3-Clause"}
    ```

    ```json prefix/conda-meta/inhouse-1.0-0.json
    {"name": "inhouse", "version": "1.0", "build": "0"}
    ```

    ## Passes

    ```json prefix/conda-meta/pytorch-2.0.1-0.json
    {"name": "pytorch", "version": "2.0.1", "build": "0", "license": "BSD 3-Clause"}
    ```

    ```json prefix/conda-meta/cuda-cudart-12.4.127-0.json
    {"name": "cuda-cudart", "version": "12.4.127", "build": "0", "license": "LicenseRef-NVIDIA-End-User-License-Agreement"}
    ```

    ## Fix

    Read the licence that the package brings, or ask its authors, and waive the finding with what
    you found as the reason.
    """  # noqa: E501
    told = stated(document, project)
    odd = [each for each in told if not each.licence.expression]
    known = {each.package for each in told}
    mute = [p for p in packages_in(document, project) if p not in known and p.version]
    mute = [package for package in mute if not package.name.startswith("_")]
    if odd:
        shown = (f"{x.package.name} ({x.licence.text[:_SHOWN]})" for x in odd)
        yield Problem(
            "no SPDX expression",
            f"What {_count(len(odd), 'states', 'state')} as licence is no SPDX expression: "
            f"{some(shown)}",
            odd[0].package.location,
            "Read the licence in the package.",
        )
    if mute:
        yield Problem(
            "no licence",
            f"{_count(len(mute), 'states', 'state').capitalize()} no licence: "
            f"{some(p.name for p in mute)}",
            mute[0].location,
            "Ask the authors, or read the licence in the package.",
        )


def _count(number: int, one: str, several: str) -> str:
    return f"one package {one}" if number == 1 else f"{number} packages {several}"
