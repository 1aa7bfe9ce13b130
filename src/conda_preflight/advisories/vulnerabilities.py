"""What checks ask about vulnerabilities: each document is matched once, when the first asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn, TypeAlias

from conda_preflight.advisories import age
from conda_preflight.advisories.assessing import assess
from conda_preflight.advisories.source import Source
from conda_preflight.advisories.subjects import Subject
from conda_preflight.documents import Package, Prefix
from conda_preflight.documents.advisory import Assessment
from conda_preflight.errors import PreflightError, Skip

Upgraded: TypeAlias = Callable[[Subject, Package, str, str], str]
"""Says what the channels have of a package of a document from a version on, in a scheme."""


class Vulnerabilities:
    """The assessments of the documents of an audit.

    ``source`` opens what answers, at the first question; ``now`` is what ages are counted from,
    ``max_age`` the days after which an answer is refused, 0 for never. ``patches`` gives the
    names of the patches in the recipe of a package of a prefix, ``upgraded`` a sentence about what
    the channels have of a package from a version on (in a scheme). ``trouble`` says why there is no
    answer although there is a database: then nothing is known, which is never "no findings".
    """

    def __init__(
        self,
        source: Callable[[], Source],
        now: datetime,
        max_age: float = 0.0,
        patches: Callable[[Prefix, Package], Sequence[str]] | None = None,
        upgraded: Upgraded | None = None,
    ) -> None:
        self._open, self._now, self._max_age = source, now, max_age
        self._patches, self._upgraded = patches, upgraded
        self._source: Source | None = None
        self._known: dict[Subject, Assessment] = {}
        self.trouble = ""

    def of(self, subject: Subject) -> Assessment:
        """What is known of the packages of a document; raises Skip where nothing answers."""
        if subject not in self._known:
            source = self.source()
            try:
                self._known[subject] = assess(subject, source, self._now.date(), self._patches)
            except PreflightError as error:
                self._fail(error)
        return self._known[subject]

    def done(self, subject: Subject) -> Assessment | None:
        """What was found out, if anybody has asked."""
        return self._known.get(subject)

    def upgraded(self, subject: Subject, package: Package, scheme: str, version: str) -> str:
        """Whether the channels have this version or a later one that still solves; may be empty."""
        told = self._upgraded(subject, package, scheme, version) if self._upgraded else ""
        return f" {told}" if told else ""

    def source(self) -> Source:
        """What answers; raises Skip where it does not, or is older than it may be."""
        if self.trouble:
            raise Skip(self.trouble)
        if self._source is None:
            try:
                opened = self._open()
            except PreflightError as error:
                self._fail(error)
            self._refuse_old(opened)
            self._source = opened
        return self._source

    def stale(self) -> str:
        """What to say of a database that is older than a day, empty for a fresh one."""
        return age.stale(self.source().feeds, self._now)

    def _refuse_old(self, source: Source) -> None:
        most = self._max_age
        old = age.too_old(source.feeds, self._now, most) if most else ""
        if old:
            self.trouble = f"the advisory database is too old: {old} (conda-preflight db update)"
            raise Skip(self.trouble)

    def _fail(self, error: PreflightError) -> NoReturn:
        self.trouble = " ".join(filter(None, (f"{error.message}.", error.hint)))
        raise Skip(self.trouble) from None
