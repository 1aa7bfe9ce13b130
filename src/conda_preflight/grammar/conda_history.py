"""``conda-meta/history``: the specs that people asked for, as conda itself replays them."""

from __future__ import annotations

from conda_preflight.documents import Location
from conda_preflight.grammar.match_spec import parse
from conda_preflight.pattern import lazy_pattern

MAX_LINES = 100_000
_SPECS = lazy_pattern(r"#\s?(update|install|create|remove|uninstall|neutered) specs:\s*(.*)")
_QUOTED = lazy_pattern(r"'([^'\\]*)'|\"([^\"\\]*)\"")


def requested(text: str, path: str) -> dict[str, str]:
    """The last spec by package name; what was removed again is left out."""
    found: dict[str, str] = {}
    for number, row in enumerate(text.split("\n", MAX_LINES)[:MAX_LINES], 1):
        match = _SPECS.match(row)
        if not match:
            continue
        for spec in _listed(match.group(2)):
            name = parse(spec, Location(path, number, 1)).name
            if match.group(1) in ("remove", "uninstall"):
                found.pop(name, None)
            elif name:
                found[name] = spec
    return found


def _listed(text: str) -> list[str]:
    """The items of a list as Python shows it, or parted by commas as conda once wrote."""
    if text.startswith("["):
        return [one or other for one, other in _QUOTED.findall(text)]
    return [part.strip() for part in text.split(",") if part.strip()]
