"""``pixi.toml``: one Manifest per environment of a pixi workspace."""

from __future__ import annotations

import re

from conda_preflight.documents import Manifest, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.pixi_manifest import Additions, manifests
from conda_preflight.grammar.toml_tree import load
from conda_preflight.pattern import lazy_pattern

_WORKSPACE = lazy_pattern(r"^\[(?:workspace|project)\]", re.MULTILINE)
_PLATFORMS = lazy_pattern(r"^platforms[ \t]*=", re.MULTILINE)
_HINT = "Start it with [workspace], its name, channels and platforms."


def recognizes(source: Source) -> bool:
    """By the name, or by a workspace with platforms in another TOML file."""
    base = source.path.rpartition("/")[2].lower()
    if base == "pixi.toml":
        return True
    if not base.endswith(".toml") or base == "pyproject.toml":
        return False
    head = source.text[:200_000]
    return bool(_WORKSPACE.search(head) and _PLATFORMS.search(head))


def read(source: Source) -> list[Manifest]:
    """A Manifest per environment, none for a package that belongs to another workspace."""
    tree = load(source.text)
    if not tree.table("workspace") and not tree.table("project"):
        if tree.table("package"):
            return []
        raise ReadError("This pixi.toml has no workspace", _HINT)
    return manifests(tree, source.path, "pixi.toml", (), Additions())
