"""What the formats of ``diff`` say of a change, in the same words; nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from conda_preflight.answers import phrases
from conda_preflight.comparison import KINDS, Change, Compared, Comparison, Move, Side, Total, build
from conda_preflight.documents import Package
from conda_preflight.installation import Place
from conda_preflight.language import say, word
from conda_preflight.manifest_comparison import ManifestChange
from conda_preflight.writers.wording import listed, number

WORDS = {
    "digest": "with other bytes under the same build",
    "added": "added",
    "removed": "removed",
    "downgraded": "downgraded",
    "upgraded": "upgraded",
    "reversioned": "with another version",
    "manager": "handed over between conda and pip",
    "channel": "from another channel",
    "rebuilt": "rebuilt",
    "source": "from another source",
}
"""Each kind of change after a number of packages: ``3 upgraded``."""
_DIGITS = 12
_MEGABYTE = 1_000_000


def by_kind(comparison: Comparison) -> dict[str, list[Change]]:
    """The changes of each kind that there is, in the order of KINDS."""
    found: dict[str, list[Change]] = {kind: [] for kind in KINDS}
    for change in comparison.changes:
        found[change.kind].append(change)
    return {kind: changes for kind, changes in found.items() if changes}


def count(comparison: Comparison) -> int:
    """How many packages changed, by name."""
    return len({change.name for change in comparison.changes})


def summary(comparison: Comparison) -> str:
    """``2 added, 3 upgraded``: packages by name, each once for a kind."""
    numbers = {kind: len({c.name for c in some}) for kind, some in by_kind(comparison).items()}
    return listed(counted(some, kind) for kind, some in numbers.items())


def counted(packages: int | str, kind: str) -> str:
    """``3 upgraded``."""
    return say("{count} {what}", count=packages, what=word(WORDS[kind]))


def sides(change: Change, *, verbose: bool) -> tuple[str, str]:
    """What it was and what it is, with builds too if asked; empty where it is not there."""
    before, after = _details(change, verbose=verbose)
    old = f"{change.old.version} {before}".strip() or word("no version") if change.old else ""
    new = f"{change.new.version} {after}".strip() or word("no version") if change.new else ""
    return old, new


def step(change: Change, *, verbose: bool) -> str:
    """Both sides in one text, a version that stays written once: ``3.5.0  build 0 -> build 1``."""
    if change.old and change.new and change.old.version == change.new.version:
        return f"{change.new.version}  {' -> '.join(_details(change, verbose=verbose))}".strip()
    return " -> ".join(filter(None, sides(change, verbose=verbose)))


def _details(change: Change, *, verbose: bool) -> tuple[str, str]:
    """What stands behind the version on each side."""
    before, after = [move.old for move in change.moves], [move.new for move in change.moves]
    old = _detail(change, change.old, before, verbose=verbose)
    new = _detail(change, change.new, after, verbose=verbose)
    if change.kind == "rebuilt" and not (old and new):
        return word("one build"), word("another")
    return old, new


def _detail(
    change: Change, side: Side | None, packages: Sequence[Package | None], *, verbose: bool
) -> str:
    if side is None:
        return ""
    parts = [side.detail]
    if change.kind == "rebuilt" and not side.detail:
        parts.append(_one_build(packages, build))
    elif verbose:
        parts.append(_one_build(packages, attrgetter("build")))
    if change.kind == "digest":
        parts.extend(_digest(package) for package in packages[:1] if package)
    if change.kind == "manager" or (side.manager == "pypi" and not (change.old and change.new)):
        parts.append(f"({word(phrases.MANAGERS[side.manager])})")
    parts.extend([f"({side.channel})"] if side.channel else [])
    return " ".join(dict.fromkeys(filter(None, parts)))


def _one_build(packages: Sequence[Package | None], of: Callable[[Package], str]) -> str:
    """The build where all places have the same."""
    builds = {of(package) for package in packages if package}
    return builds.pop() if len(builds) == 1 else ""


def _digest(package: Package) -> str:
    name, digest = ("sha256", package.sha256) if package.sha256 else ("md5", package.md5)
    return f"{name} {digest[:_DIGITS]}..."


def growth(moves: Sequence[Move]) -> str:
    """How many MB it has more, a range where that differs by place; empty where that is none."""
    steps = [move.growth for move in moves]
    known = [step for step in steps if step is not None]
    if len(known) < len(steps):
        return ""
    low, high = (f"{edge(known) / _MEGABYTE:+.1f}" for edge in (min, max))
    if float(low) == float(high) == 0:
        return ""
    return f"{low} MB" if low == high else say("{low} to {high} MB", low=low, high=high)


def every_place(comparison: Comparison) -> list[Place]:
    """The places that both sides have."""
    return [each.place for each in comparison.places if each.old and each.new]


def where(change: Change, every: Sequence[Place]) -> str:
    """At which places; empty where it is at all of them."""
    at = [move.place for move in change.moves]
    return phrases.places(at, every) if len(at) < len(every) else ""


def total(compared: Compared) -> str:
    """``312 -> 315 packages, 1.2 GB -> 1.3 GB (+96.1 MB)``, or that the place is new or gone."""
    old, new = compared.old, compared.new
    if old is None or new is None:
        one = new or old
        template = "only in the new: {packages}" if new else "only in the old: {packages}"
        return say(template, packages=number(one.packages, "package")) if one else ""
    counts = number(new.packages, "package")
    if old.packages != new.packages:
        counts = f"{old.packages} -> {counts}"
    return listed([counts, *_sizes(old, new, compared.growth)])


def _sizes(old: Total, new: Total, growth: int | None) -> list[str]:
    if not (old.size and new.size):
        return []
    before, after = phrases.size(old.size), phrases.size(new.size)
    step = f" ({phrases.growth(growth)})" if growth else ""
    unknown = max(old.unsized, new.unsized)
    said = after if growth == 0 else f"{before} -> {after}{step}"
    if unknown:
        said = say("{size} without {count} of unknown size", size=said, count=unknown)
    return [said]


def place_names(comparison: Comparison) -> list[str]:
    """What each place is called; both names where two different ones were compared."""
    every = [each.place for each in comparison.places]
    named = len({place.environment for place in every}) > 1
    return [_place_name(each, named=named) for each in comparison.places]


def _place_name(compared: Compared, *, named: bool) -> str:
    unnamed = word("packages")
    old, new = (
        (place.text if named else place.platform) or unnamed
        for place in (compared.old_place, compared.place)
    )
    return new if old in (new, unnamed) else f"{old} -> {new}"


def manifest_title(change: ManifestChange) -> str:
    """Which files ask for something else, in which environment."""
    files = change.new if change.old == change.new else f"{change.old} -> {change.new}"
    if not (change.old and change.new):
        template = "the environment {name}, only in the old"
        if change.new:
            template = "the environment {name}, only in the new"
        return say(template, name=change.environment)
    if not change.environment:
        return files
    return say("{files}, environment {name}", files=files, name=change.environment)
