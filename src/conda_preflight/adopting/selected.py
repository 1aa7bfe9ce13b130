"""The lines of a manifest that hold for the platforms of the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conda_preflight.adopting.found import Found, Line
from conda_preflight.grammar.selector import holds


def selected(found: Found, platforms: Sequence[str]) -> Found:
    """What is for other platforms alone is left out; what is for some of them is for all now."""
    told: list[str] = []
    lines = tuple(_lines(found.lines, platforms, told))
    return replace(found, lines=lines, told=(*found.told, *told))


def _lines(lines: Sequence[Line], platforms: Sequence[str], told: list[str]) -> Iterator[Line]:
    seen = set()
    for line in lines:
        on = [
            each
            for each in platforms
            if not line.selector or holds(line.selector, each) is not False
        ]
        if not on:
            told.append(f"`{line.text}` is left out: it is for {line.selector} alone")
        elif line.key in seen:
            told.append(f"`{line.text}` is left out: another line has {line.name}")
        else:
            seen.add(line.key)
            yield line
        if line.selector and on and len(on) < len(platforms):
            told.append(f"`{line.text}` was for {line.selector} alone, and is now for all")
