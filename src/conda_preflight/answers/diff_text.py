"""``diff`` for people at a terminal: what is asked for, then packages by what happened to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers import changes
from conda_preflight.comparison import Change, Comparison
from conda_preflight.difference import Difference
from conda_preflight.installation import Place
from conda_preflight.language import say, word
from conda_preflight.manifest_comparison import ManifestChange
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.ink import Ink

_INDENT = "  "
_MAX_NAME, _MAX_STEP, _MAX_GROWTH = 32, 34, 18
_STYLES = {
    "digest": "error",
    "added": "passed",
    "removed": "error",
    "downgraded": "warning",
    "manager": "warning",
    "channel": "warning",
    "source": "warning",
}
_SIGNS = {"+": "passed", "-": "error", "~": ""}
_MAX_TEXT = 300
_Row = tuple[str, str, str, str]


def write(difference: Difference, ink: Ink, *, verbose: bool = False) -> str:
    """The difference as lines."""
    title = f"{difference.old} -> {difference.new}"
    lines = ink.wrap(_arrowed(title, ink), hanging=_INDENT, style="bold")
    for change in difference.manifests:
        lines.extend(["", *_manifest(change, ink)])
    if difference.packages:
        lines.extend(_packages(difference.packages, ink, verbose=verbose))
    if difference.empty:
        lines.extend(["", word("No difference.")])
    return "\n".join(lines) + "\n"


def _arrowed(text: str, ink: Ink) -> str:
    return text.replace(" -> ", " → ") if ink.unicode else text


def _manifest(change: ManifestChange, ink: Ink) -> Iterator[str]:
    title = say("Asked for in {what}", what=changes.manifest_title(change))
    yield from ink.wrap(_arrowed(title, ink), hanging=_INDENT, style="bold")
    if change.reordered:
        yield from ink.wrap(word("The channels stand in another order."), _INDENT)
    width = max((cells(word(line.part)) for line in change.lines), default=0)
    for line in change.lines:
        sign = "~" if line.old and line.new else "+" if line.new else "-"
        lead = f"{_INDENT}{sign} {_filled(word(line.part), width)} "
        text = _arrowed(" -> ".join(filter(None, (line.old, line.new))), ink)
        yield from ink.wrap(text, lead, " " * (cells(lead) + 1), _SIGNS[sign])


def _packages(comparison: Comparison, ink: Ink, *, verbose: bool) -> Iterator[str]:
    every = changes.every_place(comparison)
    for kind, some in changes.by_kind(comparison).items():
        count = len({change.name for change in some})
        yield ""
        yield ink.paint(_STYLES.get(kind, "bold"), changes.counted(count, kind))
        yield from _table([_row(change, every, ink, verbose=verbose) for change in some], ink)
    yield ""
    yield from _totals(comparison, ink)


def _totals(comparison: Comparison, ink: Ink) -> Iterator[str]:
    names = [ink.plain(_arrowed(name, ink), 60) for name in changes.place_names(comparison)]
    width = max(map(cells, names), default=0)
    for name, compared in zip(names, comparison.places, strict=True):
        lead = name + " " * (width - cells(name) + 1)
        yield from ink.wrap(_arrowed(changes.total(compared), ink), lead, " " * (width + 2))


def _row(change: Change, every: Sequence[Place], ink: Ink, *, verbose: bool) -> _Row:
    """The name, what it was and is, how it grew, and where."""
    name = change.name
    if change.old and change.new and change.old.name != change.new.name:
        name = f"{change.old.name} -> {change.new.name}"
    texts = (
        name,
        changes.step(change, verbose=verbose),
        changes.growth(change.moves),
        changes.where(change, every),
    )
    name, both, growth, where = (ink.plain(_arrowed(text, ink), _MAX_TEXT) for text in texts)
    return name, both, growth, where


def _table(rows: list[_Row], ink: Ink) -> Iterator[str]:
    """Aligned columns, as far as they are short; a row that is too long takes another line."""
    width, middle, number = (
        min(max(cells(row[column]) for row in rows), most)
        for column, most in enumerate((_MAX_NAME, _MAX_STEP, _MAX_GROWTH))
    )
    for name, step, growth, where in rows:
        lead = f"{_INDENT}{_filled(name, width)} "
        more = f"{_filled(growth, number)}  {where}".rstrip() if where else growth
        aligned = f"{lead} {_filled(step, middle)}  {more}".rstrip()
        close = f"{lead} {step}  {more.strip()}".rstrip()
        fitting = [line for line in (aligned, close) if cells(line) <= ink.width]
        if fitting:
            yield fitting[0]
            continue
        yield from ink.wrap(step, lead, " " * (width + 4))
        yield from ink.wrap(more.strip(), " " * (width + 4)) if more.strip() else ()


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
