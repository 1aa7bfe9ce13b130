"""What checks ask about the solves of a project's manifests; each question is answered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from conda_preflight.documents import Manifest, Project, Spec
from conda_preflight.errors import Skip
from conda_preflight.grammar.included import pip_lines
from conda_preflight.plain import document_type
from conda_preflight.solving.pip_half import (
    Indexes,
    PipHalf,
    PipQuestion,
    PipResolver,
    Unresolvable,
    needs_network,
)
from conda_preflight.solving.platforms import platforms_of
from conda_preflight.solving.question import (
    Answer,
    Offer,
    Question,
    Solved,
    Solver,
    Unsolvable,
    Untried,
)
from conda_preflight.solving.site import Site, lines, question

if TYPE_CHECKING:
    from conda_preflight.solving.explanation import Explanation

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
    """The answers about the manifests of one project; whatever cannot be told raises Skip.

    ``means`` says how a manifest is solved, or why it is not; ``named`` are the platforms
    that a person named; ``is_stated`` says that the priority of channels was set by somebody.
    """

    def __init__(
        self,
        project: Project,
        means: Callable[[Manifest], Means | Untried],
        named: tuple[str, ...] = (),
        *,
        is_stated: bool = False,
    ) -> None:
        self._project = project
        self._choose = means
        self._named = named
        self._means: dict[Manifest, Means | Untried] = {}
        self.is_stated = is_stated

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
        return asked

    def answer(self, manifest: Manifest, platform: str) -> Solved | Unsolvable:
        """The solution for one platform, or that there is none."""
        return self.ask(manifest, self.question(manifest, platform))

    def answers(self, manifest: Manifest) -> dict[str, Solved | Unsolvable]:
        """The answers by platform."""
        return {name: self.answer(manifest, name) for name in self.platforms(manifest)}

    def ask(self, manifest: Manifest, asked: Question) -> Solved | Unsolvable:
        """The answer to another question with the means of this manifest."""
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

    def explanation(self, manifest: Manifest, asked: Question) -> Explanation:
        """Why a question of this manifest has no solution."""
        from conda_preflight.solving.explanation import explain

        answer = self.ask(manifest, asked)
        tree = answer.tree if isinstance(answer, Unsolvable) else ""
        return explain(self.means(manifest).solver, manifest, asked, tree, EXPLAINING)

    def needs_loose(self, manifest: Manifest, platform: str) -> bool:
        """Whether there is a solution, and only if strict priority of channels is off."""
        asked = self.question(manifest, platform)
        strict = self.ask(manifest, replace(asked, strict=True))
        if isinstance(strict, Solved):
            return False
        return isinstance(self.ask(manifest, replace(asked, strict=False)), Solved)

    def pip(self, manifest: Manifest, platform: str) -> PipHalf | Unresolvable | None:
        """What pip would install beside the solution; None where it is asked for nothing."""
        answer = self.answer(manifest, platform)
        if isinstance(answer, Unsolvable):
            raise Skip("conda's half has no solution, so there is nothing to install into")
        asked = self._pip_question(manifest, platform, answer)
        if asked is None:
            return None
        if isinstance(asked, Untried):
            raise Skip(asked.reason)
        if wrong := next((line for line in asked.requirements if line.error), None):
            raise Skip(f"pip cannot read line {wrong.location.line}, so its half is not resolved")
        means = self.means(manifest)
        if not means.network and needs_network(asked):
            raise Skip("the pip half is resolved with --solve")
        found = means.pip.resolve(asked)
        if isinstance(found, Untried):
            raise Skip(f"the pip half could not be resolved: {found.reason}")
        return found

    def _pip_question(
        self, manifest: Manifest, platform: str, answer: Solved
    ) -> PipQuestion | Untried | None:
        from conda_preflight.solving.locking import Order, pip_question

        means = self.means(manifest)
        order = Order(
            manifest,
            (platform,),
            means.site,
            pip_lines(manifest, self._project),
            indexes=means.indexes,
            offline=not means.network,
            variables=means.variables,
        )
        asked = pip_question(order, platform, answer.packages)
        if not isinstance(asked, PipQuestion):
            return asked
        return replace(asked, leave_out_unpinnable=True)
