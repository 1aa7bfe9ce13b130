"""What an advisory database holds, and what became of an update, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from conda_preflight.advisories.age import age_days
from conda_preflight.advisories.updated import Updated
from conda_preflight.documents.advisory import Feed
from conda_preflight.writers.escaping import visible

_KINDS = {"advisories": "records", "exploited": "exploited CVEs", "likelihood": "scored CVEs"}


def status(file: Path, feeds: tuple[Feed, ...], now: datetime) -> str:
    """A paragraph for each source: how much, how old, from where, under which licence."""
    size = file.stat().st_size / 1e6
    lines = [f"{visible(str(file))}, {size:.1f} MB"]
    for feed in feeds:
        lines += ["", *(visible(line) for line in _feed(feed, now))]
    return "\n".join(lines) + "\n"


def updated(outcome: Updated) -> str:
    """A line for each source."""
    lines = (f"{step.name}: {step.said or f'FAILED: {step.error}'}" for step in outcome.steps)
    return "".join(visible(line) + "\n" for line in lines)


def _feed(feed: Feed, now: datetime) -> Iterator[str]:
    days = age_days(feed, now)
    age = "of unknown age" if days is None else f"{days:.1f} days old"
    yield f"{feed.name}: {feed.records} {_KINDS.get(feed.kind, feed.kind)}, {age}"
    told = {
        "from": feed.url,
        "as of": feed.fetched,
        "newest": feed.newest,
        "licence": feed.licence or "not stated",
        "sha256": feed.sha256,
    }
    yield from (f"  {name:8}{value}" for name, value in told.items() if value)
    yield from (f"  note    {problem}" for problem in feed.problems)
