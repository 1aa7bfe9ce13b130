"""What prefixes are called that are judged together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path


def prefix_names(prefixes: Iterable[Path]) -> dict[Path, str]:
    """Each prefix with its folder's name, and as many folders above as tell it from the others.

    One that is named twice, by whatever path, is there once.
    """
    places: dict[Path, Path] = {}
    for prefix in prefixes:
        places.setdefault(prefix.resolve(), prefix)
    every = [*places.values()]
    parts = {prefix: (prefix.parent.resolve() / prefix.name).parts for prefix in every}
    names = {prefix: prefix.name for prefix in every}
    for count in range(2, max(map(len, parts.values()), default=0) + 1):
        met = Counter(names.values())
        for prefix in every:
            if met[names[prefix]] > 1:
                names[prefix] = "/".join(parts[prefix][-count:])
    return names
