"""What checks ask about the pip halves of manifests, beside what conda installs."""

from __future__ import annotations

from dataclasses import replace

from conda_preflight.documents import Manifest, Package, Project
from conda_preflight.errors import Skip
from conda_preflight.grammar.included import pip_lines
from conda_preflight.solving.locking import Order, pip_question
from conda_preflight.solving.pip_half import (
    PipHalf,
    PipQuestion,
    Provided,
    Unresolvable,
    needs_network,
    would_replace,
)
from conda_preflight.solving.question import Untried
from conda_preflight.solving.solves import Solves


class PipHalves:
    """The pip halves of a project's manifests; whatever cannot be told raises Skip."""

    def __init__(self, project: Project, solves: Solves) -> None:
        self._project, self._solves = project, solves

    def platforms(self, manifest: Manifest) -> tuple[str, ...]:
        """The platforms on which pip installs something; Skip where there is none."""
        if all(line.kind == "option" for line in pip_lines(manifest, self._project)):
            raise Skip("pip installs nothing here")
        return tuple(self._solves.solved(manifest))

    def half(self, manifest: Manifest, platform: str) -> PipHalf | None:
        """What pip installs; None where that is nothing, or nothing fits."""
        found = self._resolved(manifest, self._question(manifest, platform))
        return found if isinstance(found, PipHalf) else None

    def refusal(self, manifest: Manifest, platform: str) -> Unresolvable | None:
        """Why nothing fits; None where something does, or pip replaces what is in its way."""
        asked = self._question(manifest, platform)
        found = self._resolved(manifest, asked)
        if isinstance(found, Unresolvable) and not self._replaced(manifest, asked):
            return found
        return None

    def replaced(self, manifest: Manifest, platform: str) -> tuple[tuple[Provided, Package], ...]:
        """What pip takes away from conda, and what it puts there, since it cannot keep it."""
        return self._replaced(manifest, self._question(manifest, platform))

    def _replaced(
        self, manifest: Manifest, asked: PipQuestion | None
    ) -> tuple[tuple[Provided, Package], ...]:
        if asked is None or not isinstance(self._resolved(manifest, asked), Unresolvable):
            return ()
        alone = self._resolved(manifest, replace(asked, provided=()))
        return would_replace(asked.provided, alone.packages) if isinstance(alone, PipHalf) else ()

    def _resolved(
        self, manifest: Manifest, asked: PipQuestion | None
    ) -> PipHalf | Unresolvable | None:
        if asked is None:
            return None
        found = self._solves.means(manifest).pip.resolve(asked)
        if isinstance(found, Untried):
            raise Skip(f"the pip half could not be resolved: {found.reason}")
        return found

    def _question(self, manifest: Manifest, platform: str) -> PipQuestion | None:
        means, packages = self._solves.means(manifest), self._solves.solution(manifest, platform)
        order = Order(
            manifest,
            (platform,),
            means.site,
            pip_lines(manifest, self._project),
            indexes=means.indexes,
            offline=not means.network,
            variables=means.variables,
        )
        asked = pip_question(order, platform, packages or ())
        if asked is None:
            return None
        if isinstance(asked, Untried):
            raise Skip(asked.reason)
        if wrong := next((line for line in asked.requirements if line.error), None):
            raise Skip(f"pip cannot read line {wrong.location.line}, so its half is not resolved")
        if not means.network and needs_network(asked):
            raise Skip("the pip half is resolved with --solve")
        return replace(asked, leave_out_unpinnable=True)
