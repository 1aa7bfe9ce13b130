"""A question for a solver and its three answers: plain values, whichever solver it is."""

from __future__ import annotations

from dataclasses import field
from typing import Protocol, TypeAlias

from conda_preflight.documents import Package, VirtualPackage
from conda_preflight.plain import document_type, value_type


@value_type
class Tier:
    """Channels of one priority, as full URLs; ``defaults`` is several that count as one."""

    urls: tuple[str, ...]
    name: str = ""


@value_type
class Question:
    """Which packages meet these specs, on a machine of this platform.

    ``specs`` and ``constraints`` are MatchSpecs, an empty one asks for nothing; ``tiers``
    are channels by falling priority; ``exclude_newer`` is an ISO 8601 time in UTC or empty;
    ``locked`` packages are kept where they can be, ``pinned`` ones at any price.
    """

    platform: str
    specs: tuple[str, ...]
    tiers: tuple[Tier, ...]
    virtual_packages: tuple[VirtualPackage, ...] = ()
    strict: bool = True
    exclude_newer: str = ""
    locked: tuple[Package, ...] = ()
    pinned: tuple[Package, ...] = ()
    constraints: tuple[str, ...] = ()


@document_type
class Solved:
    """The packages that meet a question, by name."""

    packages: tuple[Package, ...]


@document_type
class Unsolvable:
    """No set of packages meets it; ``tree`` is what the solver says of that, as it says it."""

    tree: str


@document_type
class Untried:
    """It could not be tried, and why: an unreachable channel, a time-out, a missing solver."""

    reason: str
    hint: str = ""


Answer: TypeAlias = Solved | Unsolvable | Untried


@document_type
class Reachable:
    """All records that a question can come to need: repodata by channel URL and subdir.

    ``records`` maps (channel URL, subdir) to file name to record, as repodata.json has it;
    ``asked`` maps a platform to the digest of what was asked for it, where that is known.
    """

    records: dict[tuple[str, str], dict[str, dict[str, object]]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


@value_type
class Offer:
    """What the channels have for one spec of a question, versions by rising conda order.

    ``matching`` are versions that meet the spec in the channel that counts, ``versions``
    all that it has of the package; ``hidden`` are names of channels of lower priority
    that have a match, which strict priority keeps out of sight.
    """

    name: str
    matching: tuple[str, ...]
    versions: tuple[str, ...]
    hidden: tuple[str, ...] = ()


class Solver(Protocol):
    """Whatever answers questions; the same question twice costs once."""

    def solve(self, question: Question) -> Answer:
        """The answer; it never raises."""
        ...

    def names(self, question: Question) -> frozenset[str] | Untried:
        """All package names that the channels of a question have for its platform."""
        ...

    def offers(self, question: Question) -> tuple[Offer, ...] | Untried:
        """What the channels have for each spec of the question, in its order."""
        ...

    def reachable(self, question: Question) -> Reachable | Untried:
        """The records that the question can come to need, for a snapshot."""
        ...
