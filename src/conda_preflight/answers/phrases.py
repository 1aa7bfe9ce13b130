"""Words that the answers of several commands and formats share; nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conda_preflight.grammar.byte_size import download_size
from conda_preflight.language import ENGLISH, say, spoken, word
from conda_preflight.writers.wording import several

if TYPE_CHECKING:
    from conda_preflight.installation import Place

MAX_NAMED = 6
size = download_size
MANAGERS = {"pypi": "pip", "conda": "conda", "virtual": "of the machine"}
"""What people call a manager, by what documents call it."""


def told(text: str, part: str = "phrases") -> str:
    """A finished sentence in the language that is spoken; ``part`` of a table may hold it."""
    if spoken() == ENGLISH:
        return text
    from conda_preflight.translation import sentence

    return sentence(text, spoken(), part)


def growth(number: int) -> str:
    """``+1.2 MB`` or ``-300.0 kB``."""
    return f"{'+' * (number >= 0)}{size(number)}"


def listed(words: Sequence[str], limit: int = MAX_NAMED) -> str:
    """``a, b and c``; beyond the limit the rest is counted."""
    if len(words) > limit:
        left = len(words) - limit
        return say("{names} and {count} more", names=several(words[:limit]), count=left)
    return word(" and ").join([several(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def places(some: Iterable[Place], every: Sequence[Place]) -> str:
    """The places, without what is the same for all; empty where there is only one at all.

    Platforms that share their environments stand together: ``default, gpu on linux-64``.
    """
    if len(every) < 2:  # noqa: PLR2004  (one alone needs no name)
        return ""
    named = len({place.environment for place in every}) > 1
    by_platforms: dict[tuple[str, ...], list[str]] = {}
    for environment, platforms in _by_environment(some).items():
        by_platforms.setdefault(platforms, []).append(environment)
    if not named:
        return listed(next(iter(by_platforms), ()))
    return word("; ").join(_on(environments, p) for p, environments in by_platforms.items())


def at(some: Iterable[Place], every: Sequence[Place]) -> str:
    """The places with a preposition: ``on linux-64``, ``in gpu on linux-64``."""
    said = places(some, every)
    named = len({place.environment for place in every}) > 1
    template = "in {places}" if named else "on {places}"
    return say(template, places=said) if said else ""


def _by_environment(some: Iterable[Place]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in some:
        known = found.get(place.environment, ())
        found[place.environment] = (*known, place.platform) if place.platform else known
    return found


def _on(environments: Sequence[str], platforms: Sequence[str]) -> str:
    names = listed([name or "default" for name in environments])
    if not platforms:
        return names
    return say("{names} on {platforms}", names=names, platforms=listed(platforms))
