"""Which manifests can share one environment, and what keeps the others apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conda_preflight.documents import Manifest, Requirement, Spec
from conda_preflight.errors import Skip
from conda_preflight.plain import document_type
from conda_preflight.solving.question import Question
from conda_preflight.solving.solves import Solves

MAX_MANIFESTS = 12
_ONCE = "An environment has one version of {}."


@document_type
class Clash:
    """Lines of several manifests that exclude each other, and why, in sentences."""

    lines: tuple[Spec | Requirement, ...]
    why: str = ""


Group = tuple[list[Manifest], Clash | None]
"""Manifests that can live together, and what keeps the first of them out of the first group."""


class Sharing:
    """Joins manifests and solves them together; whatever cannot be told raises Skip."""

    def __init__(self, solves: Solves) -> None:
        self._solves = solves

    def groups(self, manifests: Sequence[Manifest]) -> list[Group]:
        """The manifests that have a solution, in groups that have one together.

        Of a file with several environments the first counts; each joins the first group that
        it fits.
        """
        found: list[Group] = []
        for manifest in self._solvable(manifests):
            clashes = []
            for group, _ in found:
                clash = self._clash([*group, manifest])
                if clash is None:
                    group.append(manifest)
                    break
                clashes.append(clash)
            else:
                found.append(([manifest], clashes[0] if clashes else None))
        return found

    def _solvable(self, manifests: Sequence[Manifest]) -> list[Manifest]:
        whole = {m.path: m for m in reversed(manifests) if not m.partial}
        found, reasons = [], []
        for path in sorted(whole):
            try:
                if self._solves.solved(whole[path]):
                    found.append(whole[path])
            except Skip as skip:
                reasons.append(str(skip))
            if len(found) == MAX_MANIFESTS:
                break
        if not found and reasons:
            raise Skip(reasons[0])
        return found

    def _clash(self, manifests: Sequence[Manifest]) -> Clash | None:
        """What keeps these from living together; None where they can."""
        shared = [set(self._solves.solved(manifest)) for manifest in manifests]
        platforms = [
            p for p in self._solves.platforms(manifests[-1]) if p in set.intersection(*shared)
        ]
        if not platforms:
            return Clash((), "They have no platform in common.")
        pinned = _pinned_apart(manifests)
        asked = self._joint(manifests, platforms[0])
        if self._solves.ask(manifests[0], asked) is not None:
            return pinned
        merged = replace(manifests[0], specs=tuple(s for m in manifests for s in m.specs))
        found = self._solves.explanation(merged, asked, manifests[0])
        names = {line.name for line in found.guilty}
        twice = len(found.guilty) > 1 and len(names) == 1
        why = _ONCE.format(*names) if twice else " ".join(found.why)
        return Clash(found.guilty, why)

    def _joint(self, manifests: Sequence[Manifest], platform: str) -> Question:
        asked = [self._solves.question(manifest, platform) for manifest in manifests]
        return replace(
            asked[0],
            specs=tuple(spec for one in asked for spec in one.specs),
            tiers=tuple(dict.fromkeys(tier for one in asked for tier in one.tiers)),
            virtual_packages=max((one.virtual_packages for one in asked), key=len),
        )


def _pinned_apart(manifests: Sequence[Manifest]) -> Clash | None:
    """Two pip sections of which one pins a version that the other does not allow."""
    from conda_preflight.grammar.pep440 import versions_allow

    lines = [r for m in manifests for r in m.pip if r.kind == "name" and not r.error]
    pins = {r.name: r for r in lines if r.specifier.startswith("==") and "," not in r.specifier}
    for line in lines:
        pin = pins.get(line.name)
        other = pin is not None and pin.location.path != line.location.path
        if pin and other and versions_allow(line.specifier, pin.specifier.lstrip("= ")) is False:
            return Clash((pin, line), _ONCE.format(line.name))
    return None
