"""What checks ask about the solves of a project's manifests; each question is answered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from conda_preflight.documents import Manifest, Package, Spec, VirtualPackage
from conda_preflight.errors import Skip
from conda_preflight.facts.framework_builds import GPU_PLATFORMS
from conda_preflight.plain import document_type
from conda_preflight.solving.pip_half import Indexes, PipResolver
from conda_preflight.solving.platforms import platforms_of
from conda_preflight.solving.question import (
    Answer,
    Offer,
    Question,
    Solved,
    Solver,
    Tier,
    Unsolvable,
    Untried,
)
from conda_preflight.solving.site import Site, lines, question

if TYPE_CHECKING:
    from conda_preflight.solving.explanation import Explanation

ASSUMED_CUDA = "13.0"
"""What a driver runs that nobody describes."""

MANY = 10
"""More lines than this are not wrong one by one."""

EXPLAINING = 30.0
"""Seconds for the explanation of one platform."""


@document_type
class Means:
    """How one manifest is solved: by whom, and with what.

    ``network`` is false where only what lies on this machine may be asked. ``recorded`` are
    the platforms of which a snapshot has all records; None where the channels answer, and
    on any other platform that there is no solution means nothing.
    """

    site: Site
    solver: Solver
    pip: PipResolver
    indexes: Indexes = field(default_factory=Indexes)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    network: bool = False
    recorded: frozenset[str] | None = None


class Solves:
    """The answers about manifests; whatever cannot be told raises Skip.

    ``means`` says how a manifest is solved, or why it is not; ``named`` are the platforms
    that a person named; ``is_stated`` says that the priority of channels was set by somebody.
    """

    def __init__(
        self,
        means: Callable[[Manifest], Means | Untried],
        named: tuple[str, ...] = (),
        *,
        is_stated: bool = False,
    ) -> None:
        self._choose = means
        self._named = named
        self._means: dict[Manifest, Means | Untried] = {}
        self._assumed: dict[tuple[Manifest, str], Question] = {}
        self._plain: dict[tuple[Manifest, str], Question] = {}
        self._is_stated = is_stated

    def means(self, manifest: Manifest) -> Means:
        """How this manifest is solved."""
        if manifest.partial:
            raise Skip("a fragment that is merged into other manifests is not solved by itself")
        if manifest not in self._means:
            self._means[manifest] = self._choose(manifest)
        found = self._means[manifest]
        if isinstance(found, Untried):
            raise Skip(found.reason)
        return found

    def platforms(self, manifest: Manifest) -> tuple[str, ...]:
        """The platforms that the manifest is solved for."""
        return platforms_of(manifest, self._named, self.means(manifest).site.host)

    def question(self, manifest: Manifest, platform: str) -> Question:
        """What the manifest asks for; Skip where conda cannot read one of its lines."""
        asked = question(manifest, platform, self.means(manifest).site)
        wrong = next((spec for spec in manifest.specs if spec.error), None)
        if wrong is not None:
            raise Skip(f"conda cannot read line {wrong.location.line}, so there is no solve")
        if not asked.specs:
            raise Skip("it asks for no conda package")
        return self._with_gpu(manifest, asked)

    def assumes_gpu(self, manifest: Manifest, platform: str) -> bool:
        """Whether a GPU was taken for granted, since without one there is no solution."""
        self.question(manifest, platform)
        return (manifest, platform) in self._assumed

    def _with_gpu(self, manifest: Manifest, asked: Question) -> Question:
        """The question, with a GPU where nobody says and without one there is no solution."""
        key = manifest, asked.platform
        if key not in self._assumed and key not in self._plain:
            gpu = VirtualPackage("__cuda", ASSUMED_CUDA, "0", asked.platform, manifest.location)
            bold = replace(asked, virtual_packages=(*asked.virtual_packages, gpu))
            unknown = self._is_gpu_unknown(manifest, asked) and self.ask(manifest, asked) is None
            helps = unknown and self.ask(manifest, bold) is not None
            (self._assumed if helps else self._plain)[key] = bold if unknown else asked
        return self._assumed.get(key) or self._plain[key]

    def _is_gpu_unknown(self, manifest: Manifest, asked: Question) -> bool:
        host = self.means(manifest).site.host
        told = any(v.name == "__cuda" for v in asked.virtual_packages)
        cpu_only = host is not None and host.gpus == ()
        return asked.platform in GPU_PLATFORMS and not told and not cpu_only

    def is_strict(self, manifest: Manifest) -> bool:
        """Whether somebody asked for strict priority of channels."""
        return self._is_stated and self.means(manifest).site.strict

    def solution(self, manifest: Manifest, platform: str) -> tuple[Package, ...] | None:
        """What would be installed on one platform; None where there is no solution."""
        return self.ask(manifest, self.question(manifest, platform))

    def solutions(self, manifest: Manifest) -> dict[str, tuple[Package, ...] | None]:
        """What would be installed, by platform."""
        return {name: self.solution(manifest, name) for name in self.platforms(manifest)}

    def solved(self, manifest: Manifest) -> dict[str, tuple[Package, ...]]:
        """The solutions by platform, without platforms that have none; Skip where all are such."""
        found = {name: s for name, s in self.solutions(manifest).items() if s is not None}
        if not found:
            raise Skip("it has no solution")
        return found

    def unsolved(self, manifest: Manifest) -> dict[str, Question]:
        """The questions of the platforms that have no solution, not even with loose priority."""
        return {
            name: self.question(manifest, name)
            for name, solution in self.solutions(manifest).items()
            if solution is None and not self.needs_loose(manifest, name)
        }

    def is_nowhere(self, manifest: Manifest) -> bool:
        """Whether no platform has a solution."""
        return all(solution is None for solution in self.solutions(manifest).values())

    def ask(self, manifest: Manifest, asked: Question) -> tuple[Package, ...] | None:
        """The solution of another question with the means of this manifest, None for none."""
        answer = self._answer(manifest, asked)
        return answer.packages if isinstance(answer, Solved) else None

    def _answer(self, manifest: Manifest, asked: Question) -> Solved | Unsolvable:
        means = self.means(manifest)
        answer: Answer = means.solver.solve(asked)
        if isinstance(answer, Untried):
            raise Skip(f"it could not be solved: {answer.reason}")
        known = means.recorded is None or asked.platform in means.recorded
        if isinstance(answer, Unsolvable) and not known:
            raise Skip("the manifest changed since its channels were recorded: use --solve")
        return answer

    def missing(self, manifest: Manifest, platform: str) -> tuple[tuple[Spec, Offer], ...]:
        """The lines that no build of the channels meets, and what these have instead."""
        asked = self.question(manifest, platform)
        offers = self.means(manifest).solver.offers(asked)
        if isinstance(offers, Untried):
            raise Skip(f"it could not be solved: {offers.reason}")
        rows = zip(lines(manifest, platform), offers, strict=True)
        return tuple((line, offer) for line, offer in rows if not offer.matching)

    def is_export(self, manifest: Manifest, platform: str) -> bool:
        """Whether so much is missing that it can only be an export of an old environment."""
        return len(self.missing(manifest, platform)) > MANY

    def present(self, manifest: Manifest, platform: str) -> Question:
        """The question without the lines that no build meets; these are empty in it."""
        gone = {id(line) for line, _ in self.missing(manifest, platform)}
        asked = self.question(manifest, platform)
        rows = zip(lines(manifest, platform), asked.specs, strict=True)
        return replace(asked, specs=tuple("" if id(line) in gone else s for line, s in rows))

    def names(self, manifest: Manifest, platform: str) -> frozenset[str]:
        """All names of packages that the channels have; none where they do not tell."""
        found = self.means(manifest).solver.names(self.question(manifest, platform))
        return frozenset() if isinstance(found, Untried) else found

    def absent(self, manifest: Manifest, platform: str) -> tuple[tuple[Spec, str, str], ...]:
        """The lines that no build meets, what there is instead, and a channel that hides."""
        from conda_preflight.solving.explanation import absence

        rows = self.missing(manifest, platform)
        names = sorted(self.names(manifest, platform)) if rows else []
        return tuple(
            (line, absence(line, offer, names), next(iter(offer.hidden), ""))
            for line, offer in rows
        )

    def explanation(
        self, manifest: Manifest, asked: Question, owner: Manifest | None = None
    ) -> Explanation:
        """Why a question about these lines has no solution, with the means of their owner."""
        from conda_preflight.solving.explanation import explain

        answer = self._answer(owner or manifest, asked)
        tree = answer.tree if isinstance(answer, Unsolvable) else ""
        solver = self.means(owner or manifest).solver
        return explain(solver, manifest, asked, tree, EXPLAINING)

    def needs_loose(self, manifest: Manifest, platform: str) -> bool:
        """Whether there is a solution, and only if strict priority of channels is off."""
        asked = self.question(manifest, platform)
        if self.ask(manifest, replace(asked, strict=True)) is not None:
            return False
        return self.ask(manifest, replace(asked, strict=False)) is not None

    def hidden(self, manifest: Manifest, platform: str) -> tuple[tuple[Spec, Tier], ...]:
        """The lines that strict priority leaves unmet, with a channel that has them."""
        asked = replace(self.question(manifest, platform), strict=True)
        offers = self.means(manifest).solver.offers(asked)
        rows = zip(
            lines(manifest, platform), offers if isinstance(offers, tuple) else (), strict=False
        )
        called = {tier.name or tier.urls[0]: tier for tier in asked.tiers}
        return tuple((line, called[o.hidden[0]]) for line, o in rows if o.hidden and not o.matching)

    def strict_reasons(self, manifest: Manifest, platform: str) -> str:
        """Why strict priority leaves no solution, in sentences."""
        asked = replace(self.question(manifest, platform), strict=True)
        return " ".join(self.explanation(manifest, asked).why)

    def helps(self, manifest: Manifest, platform: str, channels: Mapping[Spec, Tier]) -> bool:
        """Whether there is a solution with strict priority when these lines name their channel."""
        asked = replace(self.question(manifest, platform), strict=True)
        rows = zip(lines(manifest, platform), asked.specs, strict=True)
        specs = (
            f"{channels[line].urls[0]}::{text}" if line in channels else text for line, text in rows
        )
        return self.ask(manifest, replace(asked, specs=tuple(specs))) is not None

    def cuda(self, manifest: Manifest, platform: str) -> str:
        """The CUDA that the machine runs, as somebody stated it; empty where nobody did."""
        if self.assumes_gpu(manifest, platform):
            return ""
        machine = self.question(manifest, platform).virtual_packages
        return next((v.version for v in machine if v.name == "__cuda"), "")

    def against(self, manifest: Manifest, platform: str, spec: str) -> str:
        """What stands against one more spec, in sentences; empty where nothing does."""
        asked = self.question(manifest, platform)
        more = replace(asked, specs=(*asked.specs, spec))
        answer = self._answer(manifest, more)
        if isinstance(answer, Solved):
            return ""
        from conda_preflight.solving.explanation import sentences

        named = [line for line in lines(manifest, platform) if line.name in answer.tree]
        return " ".join(sentences(named, answer.tree, more))
