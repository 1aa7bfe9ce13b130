"""Which lines of a manifest ask for one package on one platform, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Spec
from conda_preflight.grammar.conda_version import contradicts

MAX_GROUP = 64
"""Lines of one package that are compared; whatever comes after them is left alone."""


def together(specs: Iterable[Spec]) -> Iterator[list[Spec]]:
    """Groups of two or more specs that count for the same package, in file order.

    A line without a selector counts everywhere, so it is in the group of each selector.
    """
    by_name: dict[str, list[Spec]] = {}
    for spec in specs:
        if spec.name and not spec.error:
            by_name.setdefault(spec.name, []).append(spec)
    for group in by_name.values():
        if len(group) > 1:
            yield from _by_condition(group[:MAX_GROUP])


def clash(specs: Sequence[Spec]) -> bool:
    """Whether it is certain that no version satisfies all of them."""
    return contradicts([spec.version for spec in specs if spec.version])


def _by_condition(group: list[Spec]) -> Iterator[list[Spec]]:
    plain = [spec for spec in group if not (spec.selector or spec.platforms)]
    bound: dict[tuple[str, tuple[str, ...]], list[Spec]] = {}
    for spec in group:
        if spec.selector or spec.platforms:
            bound.setdefault((spec.selector or "", spec.platforms), []).append(spec)
    groups = [sorted([*plain, *own], key=group.index) for own in bound.values()] or [plain]
    yield from (found for found in groups if len(found) > 1)
