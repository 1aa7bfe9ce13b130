"""What checks ask of a lock or a prefix: its Stack, made once for each platform.

Every audit of a lock has this at hand, and few checks ask it: what makes a stack is imported then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conda_preflight.documents import Host, Lock, Prefix, Project, Requirements
from conda_preflight.errors import Skip

if TYPE_CHECKING:
    from conda_preflight.documents.stack import Stack
    from conda_preflight.installation import Installation

_USUAL = "linux-64"


class Stacks:
    """The stacks of a project's locks and prefixes; nothing is read before a check asks."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[Lock | Prefix, tuple[Stack, ...]] = {}
        self._pinned: dict[tuple[Requirements, str], Stack] = {}
        self._taken: dict[tuple[Stack, str], Stack] = {}

    def of(self, document: Lock | Prefix | Requirements, host: Host) -> Stack:
        """The stack for the platform of a target; of requirements, what is pinned exactly.

        Raises Skip where there is none for it, where the target does not say its platform
        and there are several, and for requirements beside a lock or a prefix.
        """
        if isinstance(document, Requirements):
            return self._of_pins(document, host.subdir or _USUAL)
        found = self.each(document)
        if not host.subdir:
            if len(found) == 1:
                return found[0]
            raise Skip("the target does not say its platform")
        same = [stack for stack in found if stack.subdir in (host.subdir, "")]
        if not same:
            raise Skip(f"there are no packages for {host.subdir}")
        return same[0] if same[0].subdir else self._placed(same[0], host.subdir)

    def each(self, document: Lock | Prefix) -> tuple[Stack, ...]:
        """One for each platform, in order."""
        if document not in self._known:
            from conda_preflight.fitting.stack_of import stack

            self._known[document] = tuple(map(stack, self._installations(document)))
        return self._known[document]

    def _placed(self, unplaced: Stack, subdir: str) -> Stack:
        """A stack of packages that do not say their platform, on that of a target."""
        if (unplaced, subdir) not in self._taken:
            from conda_preflight.fitting.stack_of import stack
            from conda_preflight.installation import Installation, Place

            made = Installation(Place("", subdir), unplaced.packages, subdir)
            self._taken[unplaced, subdir] = stack(made)
        return self._taken[unplaced, subdir]

    def _of_pins(self, document: Requirements, subdir: str) -> Stack:
        if any(isinstance(doc, Lock | Prefix) for doc in self._project.documents):
            raise Skip("the lock or the prefix says what will run")
        if (document, subdir) not in self._pinned:
            from conda_preflight.fitting.pins import pinned
            from conda_preflight.fitting.stack_of import stack

            self._pinned[document, subdir] = stack(pinned(document, subdir))
        return self._pinned[document, subdir]

    def _installations(self, document: Lock | Prefix) -> Sequence[Installation]:
        from conda_preflight.installation import of_lock, of_prefix, pip_half, with_pip_half

        if isinstance(document, Prefix):
            return [of_prefix(document)]
        half = pip_half(document, self._project.documents)
        found = [*of_lock(document)]
        return [with_pip_half(one, half) for one in found] if half else found
