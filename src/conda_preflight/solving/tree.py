"""What a solver's tree of reasons comes to: who needs what, and what is in the way.

The text is that of resolvo (https://github.com/prefix-dev/resolvo, src/conflict.rs): one
line per package or requirement, indented by three columns a level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

MAX_LINES = 5_000
_INDENT = lazy_pattern(r"[│├└─ ]*")
_OWNER = lazy_pattern(r"(.+) would (require|constrain)$")
_LEAF = lazy_pattern(
    r"(.+?), (for which no candidates were found|which conflicts with .+ reported.*)\.?$"
)
_INNER = lazy_pattern(r"(.+?), which (?:cannot be installed because|can be installed with) .+:$")
_ABSENT = lazy_pattern(r"No candidates were found for (.+?)\.$")
_EXCLUDED = lazy_pattern(r"(.+?) is excluded because (.+)$")


@value_type
class Reason:
    """One end of the tree: ``owner`` (a package and its versions) needs or constrains ``spec``.

    ``kind`` is "needs", "constrains", "absent" (no owner: nobody has the spec) or
    "excluded", with the solver's words in ``why``; ``depth`` counts from the asked line.
    """

    kind: str
    spec: str
    owner: str = ""
    why: str = ""
    depth: int = 0


def reasons(tree: str) -> tuple[Reason, ...]:
    """The ends of the tree, each once, the nearest to what was asked first."""
    found = dict.fromkeys(_ends(tree.splitlines()[:MAX_LINES]))
    return tuple(sorted(found, key=lambda reason: reason.depth))


def _ends(rows: Iterable[str]) -> Iterator[Reason]:
    path: list[str] = []
    for row in rows:
        text = _INDENT.sub("", row, count=1).strip()
        depth = (len(row) - len(text)) // 3 if row.strip() else 0
        del path[depth:]
        path.append(text)
        if absent := _ABSENT.search(text):
            yield Reason("absent", absent[1])
        elif excluded := _EXCLUDED.match(text):
            yield Reason("excluded", excluded[1], why=excluded[2], depth=depth)
        elif leaf := _LEAF.match(text):
            yield from _needed(path[:-1], leaf[1], depth, absent=leaf[2].startswith("for"))


def _needed(above: list[str], spec: str, depth: int, *, absent: bool) -> Iterator[Reason]:
    """The nearest requirement above an end, and the package that has it.

    One that nobody has, and that is ``absent`` for lack of builds, is asked for directly.
    """
    for text in reversed(above):
        if owner := _OWNER.match(text):
            kind = "needs" if owner[2] == "require" else "constrains"
            yield Reason(kind, spec, owner[1], depth=depth)
            return
        if inner := _INNER.match(text):
            spec = inner[1]
    if absent:
        yield Reason("absent", spec)
