"""``clean`` for people at a terminal: totals by kind, what goes and why, what was done."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.answers.phrases import size
from conda_preflight.cleaning.journal import KEPT, Journal, Move
from conda_preflight.cleaning.plan import Plan, Total
from conda_preflight.cleaning.policy import FREE, KEEP, TRASH, Decision
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_SHOWN = 12
_HEAD = ("", "found", "on disk", "would go", "frees", "from the trash")


def plan(shown: Plan, ink: Ink, *, verbose: bool = False, is_named: bool = False) -> str:
    """What would be freed, by kind, then each thing with its reason; sizes are on the disk."""
    lines = list(_table(shown, ink)) if shown.totals and not is_named else []
    for action, title in ((FREE, "Would be freed"), (TRASH, "Would be moved to the trash")):
        lines += _things(title, shown.of(action), ink, _SHOWN if not verbose else None)
    lines += _kept(shown, ink, verbose=verbose)
    lines += [line for note in shown.notes for line in ink.wrap(f"Note: {note}.")]
    lines += ["", *ink.wrap(_ending(shown))]
    return "\n".join(lines).strip("\n") + "\n"


def _table(shown: Plan, ink: Ink) -> Iterator[str]:
    together = ("together", *_row(shown.whole)[1:])
    rows = [_HEAD, *map(_row, shown.totals), together]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    for place, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        is_edge = place in (0, len(rows) - 1)
        yield ink.paint("bold" if is_edge else "", "  ".join(cells).rstrip())


def _row(total: Total) -> tuple[str, ...]:
    later = size(total.later) if total.later else ""
    return (
        total.kind,
        f"{total.count:,}",
        size(total.size),
        f"{total.going:,}",
        size(total.frees),
        later,
    )


def _things(title: str, some: Sequence[Decision], ink: Ink, most: int | None) -> Iterator[str]:
    if not some:
        return
    ordered = sorted(some, key=lambda each: (-each.found.usage.own, each.found.path))
    yield ""
    yield ink.paint("bold", f"{title}: {number(len(some), 'thing')}, the largest first")
    for each in ordered[:most]:
        yield from _thing(each, ink)
    if most is not None and len(ordered) > most:
        yield f"  and {len(ordered) - most} more; -v shows all"


def _thing(each: Decision, ink: Ink) -> Iterator[str]:
    usage = each.found.usage
    held = f" of {size(usage.size)}" if usage.own != usage.size else ""
    about = "up to " if each.found.can_share else ""
    yield from ink.wrap(f"{about}{size(usage.own)}{held}  {each.found.path}", "  ", "    ")
    told = [each.reason]
    if each.found.environment and each.found.environment.project:
        told.append(f"of {each.found.environment.project}, by {each.found.environment.told_by}")
    yield from ink.wrap("; ".join(told), "    ", "    ", "dim")


def _kept(shown: Plan, ink: Ink, *, verbose: bool) -> Iterator[str]:
    """Environments that stay, with the reason; all that stays with ``-v``."""
    kept = [d for d in shown.of(KEEP) if d.found.environment or d.found.refs or verbose]
    kept = [d for d in kept if verbose or d.reason != "it was not asked for"]
    yield from _things("Stays", kept, ink, None if verbose else _SHOWN)


def _ending(shown: Plan) -> str:
    whole = shown.whole
    if not whole.going:
        return "There is nothing to free."
    parts = [f"{size(whole.frees)} at once"] if whole.frees else []
    parts += [f"{size(whole.later)} when the trash is emptied"] if whole.later else []
    amount = f"It would free {' and '.join(parts)}." if parts else "It would free nothing yet."
    return f"{amount} Nothing has been changed: do it with --yes."


def done(freed: int, trashed: Sequence[Move], name: str, expires: float, ink: Ink) -> str:
    """What became free, and what can be taken back until when."""
    lines = ink.wrap(f"{size(freed)} became free.")
    if trashed:
        lines += ink.wrap(
            f"{number(len(trashed), 'environment')} in the trash until {_day(expires)}, "
            f"{size(sum(move.size for move in trashed))}:"
        )
        lines += _paths(trashed, ink)
        lines += ink.wrap(f"`conda-preflight clean --undo {name}` puts it all back.")
    return "\n".join(lines) + "\n"


def trash(runs: Iterable[Journal], ink: Ink) -> str:
    """What lies in the trash, by run."""
    lines: list[str] = []
    for run in runs:
        if run.state == KEPT:
            lines += ink.wrap(f"{run.name}, until {_day(run.expires)}:", style="bold")
            lines += _paths(run.moves, ink)
    ending = "It has not been emptied: do it with --yes." if lines else "The trash is empty."
    return "\n".join([*lines, *ink.wrap(ending)]) + "\n"


def restored(moves: Sequence[Move], ink: Ink) -> str:
    """What is back."""
    lines = ink.wrap(f"{number(len(moves), 'environment')} put back:") if moves else []
    return "\n".join([*lines, *_paths(moves, ink)] or ["Nothing was put back."]) + "\n"


def _paths(moves: Sequence[Move], ink: Ink) -> list[str]:
    return [line for move in moves for line in ink.wrap(f"{size(move.size)}  {move.source}", "  ")]


def _day(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(when))
