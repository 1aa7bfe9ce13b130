"""Which lock a YAML text is, by its top-level keys first and by its name second."""

from __future__ import annotations

import re

from conda_preflight.documents import Source
from conda_preflight.pattern import lazy_pattern

CONDA_LOCK = "conda-lock"
PIXI_LOCK = "pixi.lock"
_HEAD = 200_000
_KEY = lazy_pattern(r"^([a-z]+)[ \t]*:", re.MULTILINE)
_PACKAGES = lazy_pattern(r"^[ \t]*packages[ \t]*:", re.MULTILINE)
_MANAGER = lazy_pattern(r"^[ \t]+(?:-[ \t]+)?manager[ \t]*:[ \t]*(?:conda|pip)\b", re.MULTILINE)
_OLD_PIXI = lazy_pattern(
    r"^(?:version[ \t]*:[ \t]*[23]|[ \t]+git_metadata[ \t]*:[ \t]*null)[ \t]*$", re.MULTILINE
)
_SOMETHING_ELSE = frozenset(("dependencies", "channels", "jobs", "on", "steps", "repos", "tasks"))


def kind_of(source: Source) -> str:
    """CONDA_LOCK, PIXI_LOCK or an empty text; looks at the head of the file only."""
    head = source.text[:_HEAD]
    keys = {match[1] for match in _KEY.finditer(head)}
    named = _by_name(source.path, keys)
    if {"version", "environments"} <= keys and _PACKAGES.search(head):
        return PIXI_LOCK
    if "package" in keys and ("metadata" in keys or _MANAGER.search(head)):
        ends = head + source.text[-_HEAD:] if len(source.text) > _HEAD else head
        return PIXI_LOCK if named == PIXI_LOCK or _OLD_PIXI.search(ends) else CONDA_LOCK
    return named


def _by_name(path: str, keys: set[str]) -> str:
    """What the name promises, where the content is not something else of that name."""
    folders, _, base = path.lower().rpartition("/")
    if base.endswith(("pixi.lock", "magic.lock")):
        return PIXI_LOCK
    hidden = any(f.startswith(".") and f != ".." for f in folders.split("/") if f != ".")
    if base.endswith(("-lock.yml", "-lock.yaml")) and "package" in keys:
        return CONDA_LOCK
    if "conda-lock" in base and base.endswith((".yml", ".yaml")) and not hidden:
        return "" if keys & _SOMETHING_ELSE else CONDA_LOCK
    return ""
