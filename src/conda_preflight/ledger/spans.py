"""What came and what went with a record, against what was there before; pure.

A finding is gone when its rule was asked again, about everything that it had been said of, and
did not say it. What was not checked is not gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from conda_preflight.ledger.record import FOLDER, Mark, Record
from conda_preflight.plain import document_type, value_type

FindingKey = tuple[str, str, bool]
PackageKey = tuple[str, str, str, str, str, str, str]
"""Path, environment, platform, manager, name, version and build."""
K = TypeVar("K")
_UNREAD = "unreadable"


@value_type
class Standing:
    """What must be known of a finding that is there, to tell whether it is gone."""

    rule: str
    path: str
    targets: tuple[str, ...]


@document_type
class Moves:
    """What one record changes: findings and packages that came, and the keys of those that went."""

    came: Mapping[FindingKey, Mark]
    went: tuple[FindingKey, ...]
    installed: tuple[PackageKey, ...]
    removed: tuple[PackageKey, ...]

    @property
    def new_findings(self) -> int:
        """How many came that are not muted."""
        return sum(not key[2] for key in self.came)

    @property
    def gone_findings(self) -> int:
        """How many went that were not muted."""
        return sum(not key[2] for key in self.went)

    @property
    def moved_packages(self) -> int:
        """How many packages came, went or changed, by manager and name."""
        return len({key[3:5] for key in (*self.installed, *self.removed)})


def moves(
    findings: Mapping[FindingKey, Standing], packages: Iterable[PackageKey], record: Record
) -> Moves:
    """What a record changes in what is there."""
    marks = {mark.key: mark for mark in record.marks}
    seen = {key[0] for key in marks}
    gone = _Gone(record)
    here = {each.place for each in record.environments}
    now = dict.fromkeys(
        (*each.place, one.manager, one.name, one.version, one.build)
        for each in record.environments
        for one in each.packages
    )
    before = set(packages)
    return Moves(
        came={key: mark for key, mark in marks.items() if key not in findings},
        went=tuple(
            key
            for key, standing in findings.items()
            if key not in marks and (key[0] in seen or gone.finding(standing))
        ),
        installed=tuple(key for key in now if key not in before),
        removed=tuple(
            sorted(
                key for key in before if key not in now and (key[:3] in here or gone.place(key[0]))
            )
        ),
    )


class _Gone:
    """What a record can say of things that it does not name."""

    def __init__(self, record: Record) -> None:
        self._rules = frozenset(record.rules)
        self._unchecked = frozenset(record.unchecked)
        self._targets = frozenset(name for name, _ in record.targets)
        self._unread = frozenset(file.path for file in record.files if file.kind == _UNREAD)
        self._whole = record.whole

    def finding(self, standing: Standing) -> bool:
        asked = standing.rule in self._rules
        if not asked:
            return self._whole
        untold = (standing.rule, ""), (standing.rule, standing.path)
        told = self._unchecked.isdisjoint(untold)
        return told and self._targets.issuperset(standing.targets)

    def place(self, path: str) -> bool:
        """A prefix is looked at where it is named, so that one which is not is not gone."""
        return self._whole and path not in self._unread and not path.endswith(FOLDER)
