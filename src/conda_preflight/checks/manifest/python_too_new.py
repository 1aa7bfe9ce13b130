"""manifest/python-too-new."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.facts.frameworks import (
    CONDA_NEWEST_PYTHON,
    FUTURE,
    series,
    tensorflow_releases,
    torch_releases,
)
from conda_preflight.grammar.asked import Asked, asked, by_conda, coexist
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_NUMBERS = lazy_pattern(r"\d+(?:\.\d+)+")
_PYTHONS = ("2.7", *(f"3.{minor}" for minor in range(3, 31)))


@check("manifest/python-too-new", Severity.ERROR)
def python_too_new(manifest: Manifest) -> Iterator[Problem]:
    """The pinned Python has no build of the pinned framework.

    A framework is compiled for each Python by itself: torch 1.12 for 3.7 to 3.10, torch 2.1 up
    to 3.11, tensorflow 2.12 up to 3.11. For another one there is no file, so pip ends with "No
    matching distribution found" and conda with a conflict. Python can be too old as well:
    torch since 2.5 needs 3.9.

    Ranges are at fault only where no pair in them has a build. For conda one Python more than
    the wheels have is left open for old releases, since channels rebuild.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.12
      - pip:
          - torch==2.1.2
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pytorch=1.12
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.8
      - pip:
          - torch>=2.5
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.12
      - pip:
          - tensorflow==2.12.0
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip:
          - torch==2.1.2
          - tensorflow==2.12.0
    ```

    ```yaml environment.yml
    dependencies:
      - python>=3.9
      - pip:
          - torch==2.0.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.12
      - pytorch=2.1
    ```

    ## Fix

    Take a Python that the release has builds for; the message names them.
    """
    pythons = by_conda(manifest, "python")
    if len(pythons) != 1 or not pythons[0].constraint:
        return
    chosen = [text for text in _PYTHONS if _allows_series(pythons[0], text)]
    for names, table in ((("pytorch", "torch"), _torch), (("tensorflow",), _tensorflow)):
        for line in asked(manifest, *names):
            if chosen and coexist(line, pythons[0]):
                yield from _judge(line, pythons[0], chosen, table())


def _torch() -> dict[str, tuple[str, str]]:
    return {row.version: row.pythons for row in torch_releases()}


def _tensorflow() -> dict[str, tuple[str, str]]:
    rows = tensorflow_releases()
    return {f"{row.series}.{patch}": row.pythons for row in rows for patch in range(6)}


def _allows_series(python: Asked, text: str) -> bool:
    """Whether some release of a Python series is taken."""
    numbers = _NUMBERS.findall(python.constraint[:200])
    written = [number for number in numbers if series(number) == text]
    return any(python.allows(version) for version in (f"{text}.0", f"{text}.99", *written))


def _judge(
    line: Asked, python: Asked, chosen: list[str], table: dict[str, tuple[str, str]]
) -> Iterator[Problem]:
    allowed = line.of(table)
    ranges = [_range(line, version, table[version]) for version in allowed]
    if line.allows(FUTURE):
        ranges.append((max((low for _, (low, _) in table.items()), key=_number), _PYTHONS[-1]))
    if not allowed or not line.constraint or any(_inside(t, r) for t in chosen for r in ranges):
        return
    low = min((table[version][0] for version in allowed), key=_number)
    high = max((_newest(line, version, table[version][1]) for version in allowed), key=_number)
    late = _number(chosen[0]) > _number(high)
    span = f"Python {high} at most" if late else f"Python {low} or later"
    yield Problem(
        line.name,
        f"`{line.text}` has builds for {span}, and `{python.text}` is asked for",
        python.location,
        f"Write `python={high if late else low}`, or take another release of {line.name}.",
    )


def _range(line: Asked, version: str, wheels: tuple[str, str]) -> tuple[str, str]:
    """The oldest and the newest Python that a release may have a build for."""
    low, high = wheels
    newest = _newest(line, version, high)
    rebuilt = _number(version) < (2, 0) or line.name == "tensorflow"
    if line.half == "conda" and rebuilt:
        major, minor = _number(high)
        newest = f"{major}.{minor + 1}"
    return low, newest


def _newest(line: Asked, version: str, wheel: str) -> str:
    known = CONDA_NEWEST_PYTHON.get(series(version)) if line.name == "pytorch" else None
    return known or wheel


def _inside(text: str, bounds: tuple[str, str]) -> bool:
    low, high = bounds
    return _number(low) <= _number(text) <= _number(high)


def _number(text: str) -> tuple[int, int]:
    major, minor = text.split(".")[:2]
    return int(major), int(minor)
