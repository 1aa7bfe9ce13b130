"""What is done before and after conda changes a prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conda import __version__ as conda_version
from conda.core.path_actions import Action

from conda_preflight.hooks.refusing import refuse


class Before(Action):
    """Refuses a protected prefix, and records the packages that are there."""

    def verify(self) -> None:
        """Raise CondaError for a protected prefix, before anything of it is touched."""
        refuse(self.target_prefix)
        self._verified = True

    def execute(self) -> None:
        """Add a record, unless the prefix is only being made."""
        _record(self, "before")

    def reverse(self) -> None:
        """A record that was added stays: it is true whatever happens next."""

    def cleanup(self) -> None:
        """Nothing is left behind."""


class After(Action):
    """Records the packages that are there after the change."""

    def verify(self) -> None:
        """There is nothing that could be wrong yet."""
        self._verified = True

    def execute(self) -> None:
        """Add a record."""
        _record(self, "after")

    def reverse(self) -> None:
        """Conda undoes nothing after this."""

    def cleanup(self) -> None:
        """Nothing is left behind."""


def _record(action: Any, moment: str) -> None:  # noqa: ANN401  (conda's own)
    from conda_preflight.hooks.recording import record

    told: dict[str, str | int | bool | None] = {
        "conda": str(conda_version),
        "moment": moment,
        "asked": _texts(action.update_specs),
        "removed": _texts(action.remove_specs),
        "linked": len(tuple(action.link_precs or ())),
        "unlinked": len(tuple(action.unlink_precs or ())),
    }
    record(Path(action.target_prefix), told)


def _texts(specs: Any) -> str:  # noqa: ANN401  (conda's own)
    return " ".join(sorted(map(str, specs or ())))
