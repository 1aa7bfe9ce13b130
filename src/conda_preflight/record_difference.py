"""What changed between two records of the ledger: findings, verdict and packages."""

from __future__ import annotations

from conda_preflight.comparison import compare
from conda_preflight.difference import Difference
from conda_preflight.documents import Package
from conda_preflight.installation import NOWHERE, Installation, Place
from conda_preflight.ledger.record import Environment, KeptPackage, Mark, Record
from conda_preflight.ledger.spans import Standing, moves
from conda_preflight.plain import document_type


@document_type
class RecordDifference:
    """Two records by name; findings that came, went, and those that nobody asked for again.

    ``packages`` is None where one record has none.
    """

    old_name: str
    new_name: str
    old: Record
    new: Record
    came: tuple[Mark, ...]
    went: tuple[Mark, ...]
    unasked: tuple[Mark, ...]
    packages: Difference | None

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        same = not self.packages or self.packages.empty
        return same and not (self.came or self.went) and self.old.verdict == self.new.verdict


def record_difference(old: Record, new: Record, names: tuple[str, str]) -> RecordDifference:
    """What the new record says otherwise than the old one; a rule not asked again says nothing."""
    before = {mark.key: mark for mark in old.marks}
    standing = {key: Standing(m.rule, m.path, m.targets) for key, m in before.items()}
    moved = moves(standing, (), new)
    now = {mark.key for mark in new.marks}
    gone = set(moved.went)
    return RecordDifference(
        old_name=names[0],
        new_name=names[1],
        old=old,
        new=new,
        came=tuple(moved.came.values()),
        went=tuple(mark for key, mark in before.items() if key in gone),
        unasked=tuple(m for key, m in before.items() if key not in gone and key not in now),
        packages=_packages(old, new, names),
    )


def _packages(old: Record, new: Record, names: tuple[str, str]) -> Difference | None:
    if not old.environments or not new.environments:
        return None
    sides = [[_installation(one) for one in record.environments] for record in (old, new)]
    return Difference(*names, (), manifests_compared=False, packages=compare(*sides))


def _installation(one: Environment) -> Installation:
    """Named by its file too, of which a project can have several."""
    name = " ".join(filter(None, (one.path, one.name)))
    return Installation(Place(name, one.platform), tuple(map(_package, one.packages)))


def _package(kept: KeptPackage) -> Package:
    kind, _, digest = kept.digest.partition(":")
    return Package(
        manager=kept.manager,
        name=kept.name,
        version=kept.version,
        location=NOWHERE,
        build=kept.build,
        channel=kept.channel,
        sha256=digest if kind == "sha256" else "",
        md5=digest if kind == "md5" else "",
    )
