"""``diff`` as Markdown for the comment of a pull request, under the size that GitHub allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers import changes
from conda_preflight.comparison import Change
from conda_preflight.difference import Difference
from conda_preflight.installation import Place
from conda_preflight.language import say, word
from conda_preflight.manifest_comparison import ManifestChange
from conda_preflight.writers.markdown import code, prose
from conda_preflight.writers.wording import number

_MAX_CHARACTERS = 60_000
_MAX_OPEN = 15
_FRAME = 200


def write(difference: Difference) -> str:
    """The difference as GitHub Flavoured Markdown: a heading, totals, a table for each kind."""
    lines = [*_head(difference)]
    room = _MAX_CHARACTERS - sum(len(line) + 1 for line in lines)
    for block in _blocks(difference):
        kept, room = _fitting(block, room)
        lines.extend(kept)
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(difference: Difference) -> Iterator[str]:
    said = _said(difference)
    yield say("## Environment: {what}", what=prose(said))
    yield ""
    yield f"{code(difference.old)} → {code(difference.new)}"
    yield ""
    packages = difference.packages
    if packages and packages.changes:
        yield say("Packages: {what}.", what=changes.summary(packages))
        yield ""
    if packages and packages.places:
        yield f"| | {word('Packages and sizes')} |"
        yield "|---|---|"
        for name, each in zip(changes.place_names(packages), packages.places, strict=True):
            yield f"| {_arrowed(prose(name))} | {_arrowed(prose(changes.total(each)))} |"
        yield ""


def _said(difference: Difference) -> str:
    if difference.empty:
        return word("no difference")
    lines = sum(len(change.lines) for change in difference.manifests)
    packages = changes.count(difference.packages) if difference.packages else 0
    parts = [number(packages, "package")] if packages else []
    if lines:
        parts.append(say("{lines} of the manifest", lines=number(lines, "line")))
    return say("{what} changed", what=word(" and ").join(parts)) if parts else word("not the same")


def _arrowed(text: str) -> str:
    return text.replace(" -&gt; ", " → ")


class _Block:
    """A table that folds: its title, its head and its rows."""

    def __init__(self, title: str, head: str, rows: Sequence[str], *, note: str = "") -> None:
        opened = " open" if len(rows) <= _MAX_OPEN else ""
        self.before = [f"<details{opened}><summary>{title}</summary>", ""]
        self.before += [note, ""] if note else []
        self.before += [head, "|" + "---|" * (head.count("|") - 1)] if rows else []
        self.rows = list(rows)


def _blocks(difference: Difference) -> Iterator[_Block]:
    yield from map(_manifest, difference.manifests)
    if difference.packages:
        every = changes.every_place(difference.packages)
        for kind, some in changes.by_kind(difference.packages).items():
            count = len({change.name for change in some})
            title = changes.counted(f"<b>{count}</b>", kind)
            yield _Block(title, _columns(every), [_row(change, every) for change in some])


def _manifest(change: ManifestChange) -> _Block:
    rows = [
        f"| {word(each.part)} | {_cell(each.old)} | {_cell(each.new)} |" for each in change.lines
    ]
    note = word("The channels stand in another order.") if change.reordered else ""
    title = say("Asked for in {what}", what=_arrowed(prose(changes.manifest_title(change))))
    return _Block(title, f"| | {word('Old')} | {word('New')} |", rows, note=note)


def _columns(every: Sequence[Place]) -> str:
    columns = [word(head) for head in ("Package", "Old", "New", "Size")]
    columns += [word("Where")] if len(every) > 1 else []
    return f"| {' | '.join(columns)} |"


def _row(change: Change, every: Sequence[Place]) -> str:
    old, new = changes.sides(change, verbose=True)
    name = code(change.name)
    if change.old and change.new and change.old.name != change.new.name:
        name = f"{code(change.old.name)} → {code(change.new.name)}"
    row = f"| {name} | {_cell(old)} | {_cell(new)} | {changes.growth(change.moves)} |"
    return row + (
        f" {prose(changes.where(change, every)) or word('all')} |" if len(every) > 1 else ""
    )


def _cell(text: str) -> str:
    return code(text) if text else ""


def _fitting(block: _Block, room: int) -> tuple[list[str], int]:
    """The block with as many rows as there is room for, the others counted; what room is left."""
    room -= sum(len(line) + 1 for line in block.before) + _FRAME
    if room < 0:
        return [], room
    kept: list[str] = []
    for row in block.rows:
        room -= len(row) + 1
        if room < 0:
            break
        kept.append(row)
    left = len(block.rows) - len(kept)
    more = ["", say("{count} more do not fit into a comment.", count=left)] if left else []
    return [*block.before, *kept, *more, "", "</details>", ""], max(room, 0)
