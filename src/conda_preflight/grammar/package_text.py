"""How one package is written in a sentence."""

from __future__ import annotations

from conda_preflight.documents import Package


def named(package: Package) -> str:
    """``numpy 1.26.4``, of pip's ``numpy 1.26.4 (pip)``."""
    manager = " (pip)" if package.manager == "pypi" else ""
    return f"`{package.name}`{f' {package.version}' if package.version else ''}{manager}"


def reinstall(package: Package) -> str:
    """What brings a locked package back."""
    return f"Make the environment anew from its lock, or install {package.name} {package.version}."
