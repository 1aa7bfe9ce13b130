"""Strict priority of channels as conda has it, where py-rattler's own is looser.

The library compares the channels of what meets a spec that somebody asked for, conda those of
all that has its name. Source: conda's documentation of ``channel_priority``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from conda_preflight.engines.rattler_channels import key_of
from conda_preflight.solving.question import Question

if TYPE_CHECKING:
    from rattler import Gateway, MatchSpec, RepoDataRecord


def subdirs(question: Question) -> tuple[Any, ...]:
    """The subdirs that count for a question; what is for all platforms is in the last."""
    return (question.platform, "noarch")


def spec_of(text: str) -> MatchSpec:
    """A spec as the library has it; raises its own error where it cannot read one."""
    from rattler import MatchSpec

    return MatchSpec(text, strict=False)


async def ranked(gateway: Gateway, question: Question, sources: list[Any]) -> list[MatchSpec]:
    """The specs; one that only a hidden channel could meet is bound to the one that counts."""
    specs = [spec_of(text) for text in question.specs if text]
    if not question.strict or len(question.tiers) == 1:
        return specs
    places = Places(question)
    found = await gateway.query(sources, subdirs(question), specs, recursive=False)
    lower = {name for name, place in places.first(found).items() if place}
    if not lower:
        return specs
    found = await gateway.query(sources, subdirs(question), sorted(lower), recursive=False)
    known = [each for group in found for each in group]
    return [places.bound(spec, known) for spec in specs]


class Places:
    """Which tier of a question each record comes from, 0 the first."""

    def __init__(self, question: Question) -> None:
        self._tiers = question.tiers
        self._places = {
            key_of(url): n for n, tier in enumerate(question.tiers) for url in tier.urls
        }

    def __call__(self, record: RepoDataRecord) -> int:
        return self._places.get(key_of(record.channel or ""), 0)

    def first(self, found: Iterable[Iterable[RepoDataRecord]]) -> dict[str, int]:
        """The first tier that has each name."""
        first: dict[str, int] = {}
        for each in (each for group in found for each in group):
            name, place = each.name.normalized, self(each)
            first[name] = min(place, first.get(name, place))
        return first

    def bound(self, spec: MatchSpec, records: Iterable[RepoDataRecord]) -> MatchSpec:
        """The spec, of that tier alone which counts, where that tier has nothing that meets it."""
        name = spec.name.normalized if spec.name else ""
        named = [(self(each), each) for each in records if each.name.normalized == name]
        counts = min((place for place, _ in named), default=0)
        meeting = any(place == counts and each.matches(spec) for place, each in named)
        if not named or meeting or spec.channel:
            return spec
        tier = self._tiers[counts]
        channel = tier.name if len(tier.urls) > 1 else tier.urls[0]
        return spec_of(f"{channel}::{spec}")
