"""Packages on a command line that any release of may be installed."""

from __future__ import annotations

import re

from conda_preflight.grammar.installs import Install
from conda_preflight.pattern import lazy_pattern

TOOLS = frozenset(
    (
        *("pip", "setuptools", "wheel", "conda", "mamba", "micromamba", "conda-lock", "uv"),
        *("conda-libmamba-solver", "libmamba", "libmambapy", "pixi", "poetry", "pipx", "boa"),
        *("conda-pack", "conda-build", "anaconda-client", "pre-commit", "build", "twine", "nox"),
        *("tox", "hatch", "virtualenv", "pip-tools", "conda-verify", "rattler-build", "pdm"),
        *("conda-preflight", "pip-audit", "conda-merge", "conda-devenv"),
    )
)
"""Tools that make environments or packages; they are not what a manifest is about."""

CI_TOOLS = frozenset(
    (
        *("pytest", "pytest-cov", "pytest-xdist", "ruff", "mypy", "black", "flake8", "isort"),
        *("codecov", "coverage", "pylint", "coveralls", "bandit", "sphinx", "mkdocs", "codespell"),
        *("readme-renderer", "check-manifest", "validate-pyproject", "pyroma"),
    )
)
"""Tools that judge code or write its documentation."""

_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_PIP = lazy_pattern(r"([A-Za-z0-9][A-Za-z0-9._-]{0,100})(?:\[[^\]]{0,200}\])?([^;]{0,200})(?:;.*)?")
_PYTHON_PACKAGE = frozenset(("pip", "uv"))
_TOUCHED = frozenset(
    ("--dry-run", "--download-only", "--constraint", "--constraints", "--clone", "--apart")
)


def unpinned(install: Install) -> tuple[str, ...]:
    """The names without any version, as written; none for paths, URLs, variables and tools."""
    if install.action not in ("create", "install", "update") or _is_bounded(install):
        return ()
    python = install.tool in _PYTHON_PACKAGE
    if not (python or install.tool in ("conda", "mamba", "micromamba")):
        return ()
    reading = _by_pip if python else _by_conda
    found = (word for word in install.names if reading(word))
    return tuple(word for word in found if _plain(word) not in TOOLS)


def is_ci_tool(name: str) -> bool:
    """Whether the package only judges code."""
    return _plain(name) in CI_TOOLS or _plain(name).startswith(("pytest-", "types-", "flake8-"))


def _is_bounded(install: Install) -> bool:
    flags = {flag.partition("=")[0] for flag in install.flags}
    return bool(flags & _TOUCHED) or any("constraint" in file.lower() for file in install.files)


def _by_conda(word: str) -> bool:
    name = word.rpartition("::")[2]
    return bool(_NAME.fullmatch(name)) and "::" not in name


def _by_pip(word: str) -> bool:
    found = _PIP.fullmatch(word.strip())
    if not found or found[1].endswith((".whl", ".gz", ".zip", ".txt")) or "/" in word:
        return False
    return not found[2].strip()


def _plain(word: str) -> str:
    name = word.rpartition("::")[2].partition("[")[0].partition(";")[0]
    return re.sub(r"[._]", "-", name.strip().lower())
