"""Which nodes of a fleet differ in what: the majority of each fact, and the outliers by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.fleet.answers import Listing, NodeAnswer
from conda_preflight.fleet.compared import Compared, family, of_environment
from conda_preflight.plain import document_type, value_type
from conda_preflight.report import Severity

NONE = ""
"""The value of a fact that a node does not have."""
MAX_NAMED = 1_000


@value_type
class Value:
    """A value of a fact, and the nodes that have it, by name."""

    text: str
    nodes: tuple[str, ...]


@document_type
class Difference:
    """A fact in which the nodes are not alike; ``values`` begin with the most frequent.

    ``has_majority`` is false where no value is more frequent than each other one: then nobody
    knows which nodes are the odd ones, and all of them are named.
    """

    fact: str
    title: str
    severity: Severity
    values: tuple[Value, ...]
    has_majority: bool

    @property
    def outliers(self) -> tuple[str, ...]:
        """The nodes that have another value than most, or all where there is no majority."""
        odd = self.values[1:] if self.has_majority else self.values
        return tuple(sorted(node for value in odd for node in value.nodes))


@value_type
class Unlike:
    """In what the environment of one node differs from that of another, by path and package.

    ``changed``, ``missing`` and ``more`` are paths, at most MAX_NAMED of each; ``files`` counts
    them all. ``packages`` are (name, there, here), of which one may be empty.
    """

    node: str
    other: str
    files: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    packages: tuple[tuple[str, str, str], ...] = ()


def differences(answers: Sequence[NodeAnswer]) -> tuple[Difference, ...]:
    """The facts in which reached nodes differ, errors first, in the order of the families.

    A node whose environment could not be read takes no part in what is told of environments.
    """
    reached = [answer for answer in answers if answer.is_reached]
    facts = dict.fromkeys(fact for answer in reached for fact in answer.measured)
    found = [each for fact in facts if (each := _difference(fact, reached))]
    return tuple(sorted(found, key=lambda d: (-d.severity.rank, d.title, d.fact)))


def _difference(fact: str, reached: Sequence[NodeAnswer]) -> Difference | None:
    known = family(fact)
    if known is None:
        return None
    by_value: dict[str, list[str]] = {}
    for answer in reached:
        if not (of_environment(fact) and answer.reason):
            by_value.setdefault(answer.measured.get(fact, NONE), []).append(answer.node)
    return _of_values(fact, known, by_value) if len(by_value) > 1 else None


def _of_values(fact: str, known: Compared, by_value: Mapping[str, list[str]]) -> Difference:
    values = [Value(text, tuple(sorted(nodes))) for text, nodes in by_value.items()]
    values.sort(key=lambda value: (-len(value.nodes), value.text))
    has_majority = len(values[0].nodes) > len(values[1].nodes)
    return Difference(fact, known.title, known.severity, tuple(values), has_majority)


def by_node(found: Sequence[Difference]) -> dict[str, tuple[Difference, ...]]:
    """For each outlier in what it differs."""
    nodes: dict[str, list[Difference]] = {}
    for difference in found:
        for node in difference.outliers:
            nodes.setdefault(node, []).append(difference)
    return {node: tuple(each) for node, each in nodes.items()}


def asked_for_listings(found: Sequence[Difference]) -> tuple[str, tuple[str, ...]]:
    """A node to compare with, and those whose environment is another; empty where all are alike."""
    odd = [each for each in found if each.fact in ("files", "packages")]
    if not odd:
        return "", ()
    model = odd[0].values[0].nodes[0]
    others = {node for each in odd for value in each.values for node in value.nodes}
    outliers = {node for each in odd for node in each.outliers}
    return model, tuple(sorted((outliers & others) - {model}))


def unlike(node: str, listing: Listing, other: str, model: Listing) -> Unlike:
    """In what a node's environment differs from the other one's."""
    ours, theirs = listing.files, model.files
    changed = sorted(path for path in ours if path in theirs and ours[path] != theirs[path])
    missing = sorted(path for path in theirs if path not in ours)
    more = sorted(path for path in ours if path not in theirs)
    return Unlike(
        node,
        other,
        len(changed) + len(missing) + len(more),
        tuple(changed[:MAX_NAMED]),
        tuple(missing[:MAX_NAMED]),
        tuple(more[:MAX_NAMED]),
        tuple(_packages(listing.packages, model.packages)),
    )


def _packages(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted(ours.keys() | theirs.keys()):
        there, here = theirs.get(name, ""), ours.get(name, "")
        if there != here:
            yield name, there, here
