"""Records from a file go into a draft of the database; what cannot be read is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conda_preflight.advisories.bitnami import about_projects
from conda_preflight.advisories.record import parse
from conda_preflight.documents.advisory import Advisory
from conda_preflight.engines.advisory_bundle import records
from conda_preflight.engines.advisory_draft import Draft
from conda_preflight.errors import PreflightError, ReadError
from conda_preflight.facts.advisory_sources import LICENCES

Told = Callable[[str, int, int], None]
_STEP = 500
_SHOWN = 3


class ShrunkError(PreflightError):
    """There are so few records now that something must be wrong with them."""


def load(
    draft: Draft,
    feed_of: Callable[[Advisory | None], str],
    file: Path,
    told: Told,
    shown: str = "",
) -> None:
    """Put every record of a file into the feed that it belongs to; raises BundleError.

    ``feed_of`` gets None for a record that cannot be read; ``shown`` is what errors call the file.
    """
    for count, (name, content) in enumerate(records(file, shown), 1):
        if count % _STEP == 0:
            told("Reading advisories", count, 0)
        try:
            advisory = about_projects(parse(content)) if content else _too_long()
        except ReadError as error:
            draft.refuse(feed_of(None), name[:200], error.message)
        else:
            draft.put(feed_of(advisory), advisory)


def refuse_shrunk(name: str, before: int, after: int, *, force: bool) -> None:
    """Raise ShrunkError where nothing, or less than half of what was there before, is left."""
    if not after:
        raise ShrunkError(
            f"{name}: no record of it could be read", "What was there before still answers."
        )
    if after * 2 < before and not force:
        raise ShrunkError(
            f"{name} has {after} records now, and had {before}: it is refused",
            "What was there before still answers; --force takes it all the same.",
        )


def problems(draft: Draft, feed: str) -> tuple[str, ...]:
    """A sentence about records that were left out; none where none was."""
    refused = draft.refused(feed)
    if not refused:
        return ()
    shown = [f"{name} ({why})" for name, why in list(refused.items())[:_SHOWN]]
    more = f" and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
    return (f"could not be read and are left out: {', '.join(shown)}{more}",)


def licence(draft: Draft, feed: str) -> str:
    """The licences of a feed's records, each with who grants it."""
    by_licence: dict[str, list[str]] = {}
    for source in draft.sources(feed):
        if source in LICENCES:
            by_licence.setdefault(LICENCES[source], []).append(source)
    return "; ".join(f"{name} ({', '.join(who)})" for name, who in sorted(by_licence.items()))


def _too_long() -> Advisory:
    raise ReadError("it is too long")
