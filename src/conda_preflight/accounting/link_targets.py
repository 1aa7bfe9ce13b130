"""Where symbolic links of a prefix lead, told from a tree without touching the disk."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Mapping, Sequence

from conda_preflight.plain import value_type

MAX_HOPS = 40
OUTSIDE, NOWHERE, CIRCLE, INSIDE = "outside", "nowhere", "circle", "inside"


@value_type
class Target:
    """Where a link ends; ``path`` is in the prefix, or as it is written where it leads out."""

    kind: str
    path: str


class LinkTargets:
    """Follows links; ``roots`` are the absolute names of the prefix."""

    def __init__(
        self, known: Container[str], links: Mapping[str, str], roots: Sequence[str]
    ) -> None:
        self._known = known
        self._links = links
        self._roots = [root.rstrip("/") + "/" for root in roots]

    def of(self, link: str) -> Target:
        """Where a link leads in the end."""
        return self._follow(posixpath.dirname(link), self._links[link], MAX_HOPS)

    def real(self, path: str) -> str:
        """The path without links among its folders; as it is where one leads out."""
        folder, _, name = path.rpartition("/")
        found = self._follow("", folder, MAX_HOPS) if folder else Target(INSIDE, "")
        return posixpath.join(found.path, name) if found.kind == INSIDE else path

    def _follow(self, folder: str, text: str, hops: int) -> Target:
        """Walk a written target step by step, links of folders included."""
        inside = self._in_root(text)
        if inside is None:
            return Target(OUTSIDE, text)
        here = "" if text.startswith("/") else folder
        steps = [step for step in inside.split("/") if step not in ("", ".")]
        while steps:
            step = steps.pop(0)
            if step == "..":
                if not here:
                    return Target(OUTSIDE, text)
                here = posixpath.dirname(here)
                continue
            here = f"{here}/{step}" if here else step
            if here in self._links:
                hops -= 1
                if hops < 0:
                    return Target(CIRCLE, here)
                target = self._links[here]
                more = self._in_root(target)
                if more is None:
                    return Target(OUTSIDE, target)
                here = "" if target.startswith("/") else posixpath.dirname(here)
                steps = [s for s in more.split("/") if s not in ("", ".")] + steps
        return Target(INSIDE if not here or here in self._known else NOWHERE, here)

    def _in_root(self, text: str) -> str | None:
        """A target as it counts from the prefix, or from its link; None where it leads out."""
        if not text.startswith("/"):
            return text
        return next(
            (text[len(root) :] for root in self._roots if f"{text}/".startswith(root)), None
        )
