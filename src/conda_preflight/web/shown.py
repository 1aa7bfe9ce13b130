"""Parts of a record as the API shows them: flat values with the names of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from conda_preflight.ledger.answer import Line
from conda_preflight.ledger.record import Environment, KeptPackage, Mark, ReadFile, Record
from conda_preflight.plain import value_type


@value_type
class KeptFinding:
    """One finding of a record."""

    rule: str
    severity: str
    message: str
    about: str
    path: str
    line: int
    column: int
    length: int
    excerpt: str
    fix: str
    muted: str
    fingerprint: str
    ids: tuple[str, ...]
    targets: tuple[str, ...]

    @classmethod
    def of(cls, mark: Mark) -> Self:
        """The finding that was kept as this."""
        return cls(**{name: getattr(mark, name) for name in cls.__slots__})  # type: ignore[attr-defined]


@value_type
class KeptPart:
    """One package of a record with its place; ``size`` is in bytes as downloaded, 0 unknown."""

    path: str
    environment: str
    platform: str
    manager: str
    name: str
    version: str
    build: str
    channel: str
    digest: str
    size: int = 0

    @classmethod
    def of(cls, place: Environment, one: KeptPackage, size: int = 0) -> Self:
        """A package at a place."""
        more = (one.build, one.channel, one.digest)
        return cls(*place.place, one.manager, one.name, one.version, *more, size=size)


@value_type
class TargetWord:
    """What was said about one target."""

    name: str
    verdict: str


@value_type
class Summary:
    """One record without its findings and packages; ``environment`` is the number of its own."""

    record: Line
    environment: int
    name: str
    tool: str
    branch: str
    reasons: tuple[str, ...]
    files: tuple[ReadFile, ...]
    targets: tuple[TargetWord, ...]
    coverage: Mapping[str, int]
    whole: bool
    packages: int
    report_sha256: str
    facts: Mapping[str, str]

    @classmethod
    def of(cls, line: Line, whole: Record, number: int) -> Self:
        """A record that was read, with its line and the number of its environment."""
        return cls(
            record=line,
            environment=number,
            name=whole.name,
            tool=whole.tool,
            branch=whole.branch,
            reasons=whole.reasons,
            files=whole.files,
            targets=tuple(TargetWord(*each) for each in whole.targets),
            coverage=whole.coverage,
            whole=whole.whole,
            packages=sum(len(each.packages) for each in whole.environments),
            report_sha256=whole.report_sha256,
            facts={key: "" if v is None else str(v) for key, v in whole.facts.items()},
        )
