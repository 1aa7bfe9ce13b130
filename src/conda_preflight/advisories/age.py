"""How old what a database holds is, and whether it may still be believed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from conda_preflight.documents.advisory import Feed

FRESH_DAYS = 1.0
_SECONDS = 86_400
_HINT = "`conda-preflight db update` makes them new."


def age_days(feed: Feed, now: datetime) -> float | None:
    """Days since a source was asked; None where that is not known, or lies in the future."""
    try:
        then = datetime.fromisoformat(feed.fetched)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    days = (now - then).total_seconds() / _SECONDS
    return max(days, 0.0) if days > -FRESH_DAYS else None


def oldest(feeds: Iterable[Feed], now: datetime) -> tuple[Feed, float | None] | None:
    """The feed of advisories that was asked longest ago, with its age; None where there is none."""
    aged = [(feed, age_days(feed, now)) for feed in feeds if feed.kind == "advisories"]
    return max(aged, key=lambda one: float("inf") if one[1] is None else one[1], default=None)


def too_old(feeds: Iterable[Feed], now: datetime, most: float) -> str:
    """Why these feeds may not be believed any more, where ``most`` days are allowed; else empty."""
    found = oldest(feeds, now)
    if found is None:
        return "it holds no advisories"
    feed, days = found
    if days is None:
        return f"the age of {feed.name} is not known, and {most:g} days are allowed"
    return f"{feed.name} is {_told(days)} old, and {most:g} days are allowed" if days > most else ""


def stale(feeds: Iterable[Feed], now: datetime) -> str:
    """A sentence about feeds that are older than a day; empty where none is."""
    found = oldest(feeds, now)
    if found is None or (found[1] is not None and found[1] <= FRESH_DAYS):
        return ""
    feed, days = found
    told = "of unknown age" if days is None else f"{_told(days)} old"
    return f"The advisories of {feed.name} are {told}: {_HINT}"


def _told(days: float) -> str:
    hours = round(days * 24)
    if hours < 48:  # noqa: PLR2004
        return f"{hours} hour{'s' * (hours != 1)}"
    return f"{round(days)} days"
