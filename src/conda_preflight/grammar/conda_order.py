"""The order of conda versions: epoch, release, local part; letters sort before numbers.

Source: the documentation of ``conda.models.version.VersionOrder``.
"""

from __future__ import annotations

from functools import lru_cache, total_ordering
from itertools import zip_longest
from typing import TypeAlias

from conda_preflight.pattern import lazy_pattern

MAX_LENGTH = 256
LOWEST = ""
"""A run of letters that sorts before every other one."""
Atom: TypeAlias = int | float | str
Part: TypeAlias = tuple[Atom, ...]
_ALLOWED = lazy_pattern(r"[*.+!_0-9a-z]+")
_RUNS = lazy_pattern(r"[0-9]+|\*+|[^0-9*]+")
_SPECIAL: dict[str, Atom] = {"post": float("inf"), "dev": "DEV"}


@total_ordering
class Version:
    """A version as conda compares it; ``parts`` begin with the epoch."""

    __slots__ = ("local", "parts")

    def __init__(self, parts: tuple[Part, ...], local: tuple[Part, ...] = ()) -> None:
        self.parts = parts
        self.local = local

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and _compare(self, other) == 0

    def __lt__(self, other: Version) -> bool:
        return _compare(self, other) < 0

    def __hash__(self) -> int:
        return hash((_trimmed(self.parts), _trimmed(self.local)))

    def starts_with(self, prefix: Version) -> bool:
        """Whether conda's fuzzy ``=prefix`` takes this version."""
        if prefix.local:
            same = _compare_parts(self.parts, prefix.parts) == 0
            return same and _begins(self.local, prefix.local)
        return _begins(self.parts, prefix.parts)


@lru_cache(maxsize=16384)
def parse(text: str) -> Version | None:
    """The version of a text, None where conda would reject it."""
    plain = text.strip().lower()
    if "-" in plain and "_" not in plain:
        plain = plain.replace("-", "_")
    if len(plain) > MAX_LENGTH or not _ALLOWED.fullmatch(plain):
        return None
    epoch, mark, rest = plain.partition("!")
    if not mark:
        epoch, rest = "0", plain
    release, plus, local = rest.partition("+")
    if not epoch.isdigit() or not release or "!" in rest or "+" in local or (plus and not local):
        return None
    parts = _parts(release)
    locals_ = _parts(local, keep=False) if local else ()
    if parts is None or locals_ is None:
        return None
    return Version(((int(epoch),), *parts), locals_)


def _parts(text: str, *, keep: bool = True) -> tuple[Part, ...] | None:
    """Parts between dots and underscores; an underscore at the end belongs to the last one."""
    tail = "_" if keep and text.endswith("_") else ""
    words = text[: len(text) - len(tail)].replace("_", ".").split(".")
    words[-1] += tail
    return tuple(_part(word) for word in words) if all(words) else None


def _part(word: str) -> Part:
    runs = [int(r) if r.isdigit() else _SPECIAL.get(r, r) for r in _RUNS.findall(word)]
    return tuple(runs) if word[0].isdigit() else (0, *runs)


def _compare(left: Version, right: Version) -> int:
    return _compare_parts(left.parts, right.parts) or _compare_parts(left.local, right.local)


def _compare_parts(left: tuple[Part, ...], right: tuple[Part, ...]) -> int:
    nothing: Part = ()
    for one, other in zip_longest(left, right, fillvalue=nothing):
        if one == other:
            continue
        for a, b in zip_longest(one, other, fillvalue=0):
            if a != b:
                return _compare_atoms(a, b)
    return 0


def _compare_atoms(left: Atom, right: Atom) -> int:
    """Letters come before numbers."""
    if isinstance(left, str):
        return -1 if not isinstance(right, str) or left < right else 1
    return 1 if isinstance(right, str) or left > right else -1


def _begins(parts: tuple[Part, ...], prefix: tuple[Part, ...]) -> bool:
    last, nothing = len(prefix) - 1, ((),)
    padded: tuple[Part, ...] = (*parts, *nothing * (len(prefix) - len(parts)))
    part, wanted = padded[last], prefix[last]
    end = len(wanted) - 1
    if _compare_parts((*padded[:last], part[:end]), (*prefix[:last], wanted[:end])):
        return False
    atom, want = part[end] if end < len(part) else 0, wanted[end]
    if isinstance(want, str):
        return isinstance(atom, str) and atom.startswith(want)
    return atom == want


def _trimmed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Without the zeros at the end of each part, which compare as if they were not there."""
    plain = [_without_zeros(part) for part in parts]
    while plain and not plain[-1]:
        plain.pop()
    return tuple(plain)


def _without_zeros(part: Part) -> Part:
    end = len(part)
    while end and part[end - 1] == 0:
        end -= 1
    return part[:end]
