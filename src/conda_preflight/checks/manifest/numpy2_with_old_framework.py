"""manifest/numpy2-with-old-framework."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirements
from conda_preflight.facts.frameworks import (
    BOUNDS_NUMPY,
    FUTURE,
    NUMPY2,
    tensorflow_releases,
    torch_versions,
)
from conda_preflight.grammar.asked import Asked, asked, by_conda, by_pip, coexist
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.pip_constraint import contradicts
from conda_preflight.grammar.torch_origin import origin
from conda_preflight.report import Problem, Severity

_NEW = ("2.0.2", "2.1.3", "2.2.6", "2.3.5", "2.4.0", FUTURE)
_ONE = ("1.16.6", "1.19.5", "1.21.6", "1.22.4", "1.23.5", "1.24.4", "1.25.2", "1.26.4")
_OLD_PYTHONS = "<3.9"


@check("manifest/numpy2-with-old-framework", Severity.WARNING)
def numpy2_with_old_framework(doc: Manifest | Requirements) -> Iterator[Problem]:
    """A numpy 2 can come in beside a framework that was compiled for numpy 1.

    torch before 2.3 and tensorflow before 2.18 were built with numpy 1 and do not work with
    numpy 2: "Numpy is not available", "_ARRAY_API not found". The wheels of torch, the builds
    of the channel pytorch and some of tensorflow do not tell, so pip and conda choose the
    newest numpy. An error where only numpy 2 is allowed.

    Builds of conda-forge bound numpy themselves, and so do an old scipy or numba beside the
    framework; with Python before 3.9 there is no numpy 2. Then nothing is said.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.10
      - numpy
      - pip:
          - torch==2.0.1
    ```

    ```text requirements.txt
    numpy==2.1.2
    torch==2.2.2
    ```

    ```text requirements.txt
    numpy>=1.23
    tensorflow==2.14.0
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia, defaults]
    dependencies:
      - pytorch=2.1.0
      - numpy
    ```

    ## Passes

    ```text requirements.txt
    numpy==1.26.4
    torch==2.2.2
    ```

    ```text requirements.txt
    numpy
    torch==2.3.1
    ```

    ```text requirements.txt
    numpy
    torch>=2.0
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.8
      - numpy
      - pip:
          - torch==2.0.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.1
      - numpy
    ```

    ## Fix

    Write `numpy<2`.
    """
    pins = asked(doc, "numpy")
    if not pins or any(not line.of(_NEW) for line in pins):
        return
    certain = next((line for line in pins if line.constraint and not line.of(_ONE)), None)
    numpy, is_certain = certain or pins[-1], certain is not None
    beside = (each for each in _old(doc, certain=is_certain) if coexist(each[1], numpy))
    if (found := next(beside, None)) and not _is_bounded(doc):
        yield _problem(*found, numpy, certain=is_certain)


def _is_bounded(doc: Manifest | Requirements) -> bool:
    """Whether the Python or another package keeps numpy 2 out."""
    conda = by_conda(doc, *BOUNDS_NUMPY, "matplotlib-base")
    wheels = by_pip(doc, "scipy", "numba")
    return _has_old_python(doc) or any(_bounds(line) for line in (*conda, *wheels))


def _bounds(line: Asked) -> bool:
    first = BOUNDS_NUMPY[line.name.removesuffix("-base")]
    return bool(line.constraint) and contradicts(line.constraint, f">={first}")


def _has_old_python(doc: Manifest | Requirements) -> bool:
    """Whether only a Python is allowed for which there is no numpy 2."""
    pythons = [f"3.{minor}.{patch}" for minor in range(5, 16) for patch in range(25)]
    for line in by_conda(doc, "python"):
        taken = line.of(pythons) if line.constraint else ()
        if taken and all(matches(_OLD_PYTHONS, version) for version in taken):
            return True
    return False


def _old(doc: Manifest | Requirements, *, certain: bool) -> Iterator[tuple[str, Asked]]:
    """Frameworks that can only be a release before numpy 2, and do not say so themselves."""
    conda = by_conda(doc, "pytorch") if isinstance(doc, Manifest) else ()
    ours = [p for p in conda if isinstance(doc, Manifest) and origin(doc, p) == "pytorch"]
    for line in (*ours, *by_pip(doc, "torch")):
        if _is_old(line, torch_versions(), NUMPY2["torch"]):
            yield "torch", line
    for line in by_pip(doc, "tensorflow"):
        rows = tensorflow_releases()
        releases = (*(f"{row.series}.{patch}" for row in rows for patch in range(6)), FUTURE)
        capped = [row.series for row in rows if row.caps_numpy]
        open_numpy = not all(_series(version) in capped for version in line.of(releases))
        if _is_old(line, releases, NUMPY2["tensorflow"]) and (certain or open_numpy):
            yield "tensorflow", line


def _series(version: str) -> str:
    return version.rpartition(".")[0]


def _is_old(line: Asked, releases: tuple[str, ...], first: str) -> bool:
    allowed = line.of(releases)
    return bool(allowed) and all(matches(f"<{first}", version) for version in allowed)


def _problem(name: str, line: Asked, numpy: Asked, *, certain: bool) -> Problem:
    how = "is numpy 2" if certain else "lets numpy 2 in"
    return Problem(
        "numpy",
        f"`{line.text}` is built for numpy 1, and `{numpy.text}` {how}",
        numpy.location,
        f"Write `numpy<2`, or take {name} {NUMPY2[name]} or later.",
        Severity.ERROR if certain else Severity.WARNING,
    )
