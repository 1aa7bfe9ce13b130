"""The trash: finishes what was interrupted, takes back, deletes what nobody will take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from conda_preflight.actions import environment_lists
from conda_preflight.cleaning.journal import FREED, KEPT, Journal, Move
from conda_preflight.engines.deletion import delete
from conda_preflight.engines.journals import Journals
from conda_preflight.engines.trash import MoveError, back, clear, standing
from conda_preflight.errors import UsageError


def settle(journals: Journals, now: float, left: list[str]) -> int:
    """Finish earlier runs and free what has expired; how many bytes became free.

    Only for who holds ``the_only``. What cannot be finished is told in ``left`` and stays.
    """
    freed = 0
    for journal in journals.all():
        if journal.state == KEPT and now > journal.expires:
            freed += _expire(journals, journal, left)
        elif journal.state == FREED:
            freed += delete_all(journals, journal, left)
        else:
            _settle_kept(journals, journal, left)
    return freed


def delete_all(journals: Journals, journal: Journal, left: list[str]) -> int:
    """Delete what a run moved into the trash, then its journal."""
    freed, is_gone = 0, True
    for move in journal.moves:
        if standing(move).in_trash:
            deleted = delete(move.target)
            freed += deleted.freed
            left.extend(deleted.left)
            is_gone = is_gone and not deleted.left
        clear(move)
    if is_gone:
        journals.drop(journal)
    return freed


def empty(journals: Journals, now: float, left: list[str]) -> int:
    """Delete all of the trash; how many bytes became free. Raises BusyError."""
    with journals.the_only():
        freed = settle(journals, now, left)
        return freed + sum(_expire(journals, each, left) for each in journals.all())


def undo(journals: Journals, name: str, left: list[str]) -> tuple[Move, ...]:
    """Put back what a run moved into the trash, the latest one unless it is named.

    Raises BusyError, and UsageError where there is no such run.
    """
    with journals.the_only():
        journal = _chosen([each for each in journals.all() if each.state == KEPT], name)
        restored: list[Move] = []
        for move in journal.moves:
            if standing(move).in_trash:
                try:
                    back(move)
                    restored.append(move)
                except MoveError as error:
                    left.append(error.message)
        _settle_kept(journals, journal, left)
    return tuple(restored)


def _expire(journals: Journals, journal: Journal, left: list[str]) -> int:
    """From here on nothing can be taken back, also where this is interrupted."""
    gone = replace(journal, state=FREED)
    journals.write(gone)
    return delete_all(journals, gone, left)


def _settle_kept(journals: Journals, journal: Journal, left: list[str]) -> None:
    """Make lists of environments agree with where each one is; forget a run that is empty."""
    lies_there = False
    for move in journal.moves:
        now = standing(move)
        lies_there = lies_there or now.in_trash
        if now.in_trash != now.at_source:  # else another has been made in its place, or it is gone
            _list(move, left, is_there=now.at_source)
        if not now.in_trash:
            clear(move)
    if not lies_there:
        journals.drop(journal)


def _list(move: Move, left: list[str], *, is_there: bool) -> None:
    change = environment_lists.within if is_there else environment_lists.without
    for registry in move.registries:
        try:
            change(registry, move.source)
        except OSError as error:
            left.append(f"{registry} could not be changed: {error.strerror}")


def _chosen(journals: Sequence[Journal], name: str) -> Journal:
    if not journals:
        raise UsageError("There is nothing in the trash that could be taken back")
    if not name:
        return journals[-1]
    for journal in journals:
        if journal.name == name:
            return journal
    near = get_close_matches(name, [each.name for each in journals], 1)
    hint = f"Did you mean {near[0]}?" if near else f"There is {journals[-1].name}."
    raise UsageError(f"There is no run {name!r} in the trash", hint)
