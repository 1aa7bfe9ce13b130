"""``clean`` for people at a terminal: totals by kind, what goes and why, what was done."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.answers.phrases import size, told
from conda_preflight.cleaning.journal import KEPT, Journal, Move
from conda_preflight.cleaning.plan import Plan, Total
from conda_preflight.cleaning.policy import FREE, KEEP, TRASH, Decision
from conda_preflight.language import say, word
from conda_preflight.writers.excerpt import cells as cells_of
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_SHOWN = 12
_HEAD = ("", "found", "on disk", "would go", "frees", "from the trash")


def plan(shown: Plan, ink: Ink, *, verbose: bool = False, is_named: bool = False) -> str:
    """What would be freed, by kind, then each thing with its reason; sizes are on the disk."""
    lines = list(_table(shown, ink)) if shown.totals and not is_named else []
    titles = ((FREE, word("Would be freed")), (TRASH, word("Would be moved to the trash")))
    for action, title in titles:
        lines += _things(title, shown.of(action), ink, _SHOWN if not verbose else None)
    lines += _kept(shown, ink, verbose=verbose)
    lines += [
        line for note in shown.notes for line in ink.wrap(say("Note: {what}.", what=told(note)))
    ]
    lines += ["", *ink.wrap(_ending(shown))]
    return "\n".join(lines).strip("\n") + "\n"


def _table(shown: Plan, ink: Ink) -> Iterator[str]:
    together = (word("together"), *_row(shown.whole)[1:])
    rows = [tuple(map(word, _HEAD)), *map(_row, shown.totals), together]
    widths = [max(cells_of(row[at]) for row in rows) for at in range(len(_HEAD))]
    for place, row in enumerate(rows):
        blanks = [" " * (width - cells_of(text)) for text, width in zip(row, widths, strict=True)]
        cells = [row[0] + blanks[0]]
        cells += [blank + text for blank, text in zip(blanks[1:], row[1:], strict=True)]
        is_edge = place in (0, len(rows) - 1)
        yield ink.paint("bold" if is_edge else "", "  ".join(cells).rstrip())


def _row(total: Total) -> tuple[str, ...]:
    later = size(total.later) if total.later else ""
    return (
        word(total.kind),
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
    head = say(
        "{title}: {things}, the largest first", title=title, things=number(len(some), "thing")
    )
    yield ink.paint("bold", head)
    for each in ordered[:most]:
        yield from _thing(each, ink)
    if most is not None and len(ordered) > most:
        yield "  " + say("and {count} more; -v shows all", count=len(ordered) - most)


def _thing(each: Decision, ink: Ink) -> Iterator[str]:
    usage = each.found.usage
    worth = size(usage.own)
    if usage.own != usage.size:
        worth = say("{size} of {all}", size=worth, all=size(usage.size))
    if each.found.can_share:
        worth = say("up to {size}", size=worth)
    yield from ink.wrap(f"{worth}  {each.found.path}", "  ", "    ")
    why = [told(each.reason)]
    if (known := each.found.environment) and known.project:
        by = told(known.told_by)
        why.append(say("of {project}, by {evidence}", project=known.project, evidence=by))
    yield from ink.wrap(word("; ").join(why), "    ", "    ", "dim")


def _kept(shown: Plan, ink: Ink, *, verbose: bool) -> Iterator[str]:
    """Environments that stay, with the reason; all that stays with ``-v``."""
    kept = [d for d in shown.of(KEEP) if d.found.environment or d.found.refs or verbose]
    kept = [d for d in kept if verbose or d.reason != "it was not asked for"]
    yield from _things(word("Stays"), kept, ink, None if verbose else _SHOWN)


def _ending(shown: Plan) -> str:
    whole = shown.whole
    if not whole.going:
        return word("There is nothing to free.")
    parts = [say("{size} at once", size=size(whole.frees))] if whole.frees else []
    later = size(whole.later)
    parts += [say("{size} when the trash is emptied", size=later)] if whole.later else []
    ending = "It would free nothing yet. Nothing has been changed: do it with --yes."
    if parts:
        ending = "It would free {what}. Nothing has been changed: do it with --yes."
    return say(ending, what=word(" and ").join(parts))


def done(freed: int, trashed: Sequence[Move], name: str, expires: float, ink: Ink) -> str:
    """What became free, and what can be taken back until when."""
    lines = ink.wrap(say("{size} became free.", size=size(freed)))
    if trashed:
        many, worth = number(len(trashed), "environment"), size(sum(move.size for move in trashed))
        kept = "{environments} in the trash until {day}, {size}:"
        lines += ink.wrap(say(kept, environments=many, day=_day(expires), size=worth))
        lines += _paths(trashed, ink)
        back = "`conda-preflight clean --undo {name}` puts it all back."
        lines += ink.wrap(say(back, name=name))
    return "\n".join(lines) + "\n"


def trash(runs: Iterable[Journal], ink: Ink) -> str:
    """What lies in the trash, by run."""
    lines: list[str] = []
    for run in runs:
        if run.state == KEPT:
            lines += ink.wrap(
                say("{name}, until {day}:", name=run.name, day=_day(run.expires)), style="bold"
            )
            lines += _paths(run.moves, ink)
    ending = "It has not been emptied: do it with --yes." if lines else "The trash is empty."
    return "\n".join([*lines, *ink.wrap(word(ending))]) + "\n"


def restored(moves: Sequence[Move], ink: Ink) -> str:
    """What is back."""
    back = number(len(moves), "environment")
    lines = ink.wrap(say("{environments} put back:", environments=back)) if moves else []
    return "\n".join([*lines, *_paths(moves, ink)] or [word("Nothing was put back.")]) + "\n"


def _paths(moves: Sequence[Move], ink: Ink) -> list[str]:
    return [line for move in moves for line in ink.wrap(f"{size(move.size)}  {move.source}", "  ")]


def _day(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(when))
