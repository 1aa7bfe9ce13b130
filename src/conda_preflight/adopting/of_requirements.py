"""Requirements of pip, of a file or of a ``pyproject.toml``, as a conda environment."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.adopting.brings import package_of
from conda_preflight.adopting.found import CONDA, Found, Line
from conda_preflight.adopting.of_manifest import pip_line
from conda_preflight.documents import Requirement
from conda_preflight.grammar.conda_version import matches, parse
from conda_preflight.grammar.pip_constraint import to_conda

_PYTHONS = ("3.12", "3.11", "3.10", "3.13", "3.14", "3.9", "3.8")
"""From the one that most has builds for."""


def of_requirements(requirements: Iterable[Requirement], python: str) -> Found:
    """Conda's package where it is surely the same project, else a line for pip.

    ``python`` is a constraint in conda's words, empty where nothing is asked.
    """
    told: list[str] = []
    options: list[str] = []
    lines: list[Line] = []
    for each in requirements:
        if package := _package(each):
            lines.append(_conda(package, each))
        elif line := pip_line(each, options, told):
            lines.append(line)
    version = _python(python)
    said = f"requires-python is {python}" if python else "nothing asks for a Python"
    told.append(f"{said}; python={version} was taken")
    lines.insert(0, Line(CONDA, "python", f"python={version}", version))
    return Found(
        lines=tuple({line.key: line for line in reversed(lines)}.values())[::-1],
        channels=("conda-forge",),
        python=version,
        options=tuple(options),
        asked={line.key: line.text for line in lines[1:]},
        told=tuple(told),
    )


def _package(requirement: Requirement) -> str:
    """The conda package that is surely meant, empty for what only pip can be told."""
    odd = requirement.kind != "name" or requirement.extras or requirement.marker
    if odd or "+" in requirement.specifier or "===" in requirement.specifier:
        return ""
    if parse(to_conda(requirement.specifier)) is None and requirement.specifier:
        return ""
    return package_of(requirement.name)


def _conda(package: str, requirement: Requirement) -> Line:
    written = to_conda(requirement.specifier).replace(" ", "")
    exact = written.startswith("==") and "," not in written
    plain = written.lstrip("=") if exact else ""
    return Line(CONDA, package, f"{package}={plain}" if exact else f"{package}{written}", plain)


def _python(constraint: str) -> str:
    """The Python that most packages have builds for, of those that are allowed."""
    allowed = [v for v in _PYTHONS if not constraint or matches(constraint, f"{v}.99")]
    return (allowed or [_PYTHONS[0]])[0]
