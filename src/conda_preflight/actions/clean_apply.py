"""Frees what a plan says and moves environments into the trash; any moment may be the last.

What goes is first renamed into a folder beside it, under a journal, and only deleted there: a
cache never holds half of a package, and an environment is whole in one of two places.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from conda_preflight.actions.clean_trash import delete_all, settle
from conda_preflight.cleaning.found import ENVIRONMENT, Found, Part
from conda_preflight.cleaning.journal import FREED, KEPT, Journal, Move
from conda_preflight.cleaning.names import TRASH as FOLDER
from conda_preflight.cleaning.plan import Plan
from conda_preflight.cleaning.policy import FREE, TRASH, Using
from conda_preflight.engines.cache_search import part_of
from conda_preflight.engines.deletion import delete
from conda_preflight.engines.journals import Journals, fresh_name
from conda_preflight.engines.processes import running
from conda_preflight.engines.trash import MoveError, away
from conda_preflight.plain import value_type

Told = Callable[[str, int, int], None]


@value_type
class Done:
    """Bytes that became free, what lies in the trash now and under which name, what stays."""

    freed: int = 0
    trashed: tuple[Move, ...] = ()
    name: str = ""
    left: tuple[str, ...] = ()


def apply(plan: Plan, journals: Journals, now: float, keep_for: float, told: Told) -> Done:
    """Do what a plan says. Raises BusyError where another process cleans."""
    with journals.the_only():
        run = _Run(plan, journals, now)
        freed = settle(journals, now, run.left)
        freed += run.free(told)
        trashed = run.trash(now + keep_for)
    return Done(freed, trashed, run.name if trashed else "", tuple(run.left))


class _Run:
    """One run of a plan; ``left`` is what stays, with the reason."""

    def __init__(self, plan: Plan, journals: Journals, now: float) -> None:
        self._plan, self._journals, self._now = plan, journals, now
        self._using = Using(running(), plan.home)
        self.name = fresh_name(now)
        self.left: list[str] = []

    def free(self, told: Told) -> int:
        """Delete files as they are and folders by way of the trash; how many bytes became free."""
        freed, moves = 0, tuple(self._moves(FREE, fresh_name(self._now)))
        known = {m for m in moves if os.path.isdir(m.source)}  # noqa: PTH112
        folders = tuple(m for m in moves if m in known)
        journal = Journal(fresh_name(self._now), FREED, self._now, self._now, folders)
        if folders:
            self._journals.write(journal)
        for count, move in enumerate(moves):
            told("Freeing", count, len(moves))
            freed += self._free(move, is_folder=move in known)
        return freed + (delete_all(self._journals, journal, self.left) if folders else 0)

    def _free(self, move: Move, *, is_folder: bool) -> int:
        now = part_of(move.source)
        if now is None or (now.device, now.inode) != (move.device, move.inode):
            self.left.append(f"{move.source} has changed since it was looked at, so it stays")
            return 0
        try:
            if is_folder:
                away(move, lasting=False)
        except MoveError as error:
            self.left.append(error.message)
            return 0
        deleted = delete(move.target if is_folder else move.source)
        self.left.extend(deleted.left)
        return deleted.freed

    def trash(self, expires: float) -> tuple[Move, ...]:
        """Move environments into the trash; those that were moved."""
        trashed: list[Move] = []
        moves = tuple(self._moves(TRASH, self.name))
        if not moves:
            return ()
        self._journals.write(Journal(self.name, KEPT, self._now, expires, moves))
        for move in moves:
            try:
                away(move)
                trashed.append(move)
            except MoveError as error:
                self.left.append(error.message)
        settle(self._journals, self._now, self.left)
        return tuple(trashed)

    def _moves(self, action: str, run: str) -> Iterator[Move]:
        for decision in self._plan.of(action):
            if not self._is_used(decision.found):
                yield from (_move(part, decision.found, run) for part in decision.found.parts)

    def _is_used(self, found: Found) -> bool:
        """Whether a process has begun to use it since the plan was made."""
        used = next(filter(None, (self._using.of(part.path) for part in found.parts)), "")
        busy = self._using.installer
        if not used and busy and found.kind != ENVIRONMENT:
            used = f"process {busy.pid} ({busy.program}) is installing"
        if used:
            self.left.append(f"{found.path} stays: {used}")
        return bool(used)


def _move(part: Part, found: Found, run: str) -> Move:
    folder, name = os.path.split(part.path)
    return Move(
        source=part.path,
        target=f"{folder}/{FOLDER}/{run}/{name}",
        device=part.device,
        inode=part.inode,
        kind=found.kind,
        size=found.usage.size,
        registries=found.environment.registries if found.environment else (),
    )
