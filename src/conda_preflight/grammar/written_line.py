"""A line that asks for a package, as a file of that kind has it."""

from __future__ import annotations

from conda_preflight.documents import Manifest, Requirements


def conda_line(doc: Manifest | Requirements, name: str, version: str) -> str:
    """``numpy=1.2``, and in a manifest of pixi ``numpy = "1.2.*"``."""
    if isinstance(doc, Manifest) and doc.kind != "environment.yml":
        return f'{name} = "{version}.*"'
    return f"{name}={version}"


def pip_line(doc: Manifest | Requirements, name: str, version: str) -> str:
    """``numpy==1.2.3``, and in pixi's own file ``numpy = "==1.2.3"``.

    In a ``pyproject.toml`` it may stand among the project's dependencies, which are such texts.
    """
    if isinstance(doc, Manifest) and doc.kind == "pixi.toml":
        return f'{name} = "=={version}"'
    return f"{name}=={version}"
