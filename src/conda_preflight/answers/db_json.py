"""What an advisory database holds, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from conda_preflight.advisories.age import age_days, oldest
from conda_preflight.documents.advisory import Feed


def status(file: Path, feeds: tuple[Feed, ...], now: datetime) -> str:
    """The feeds with their ages in days; ``age_days`` at the top is that of the oldest."""
    found = oldest(feeds, now)
    held = {
        "schema_version": 1,
        "path": str(file),
        "bytes": file.stat().st_size,
        "records": sum(feed.records for feed in feeds if feed.kind == "advisories"),
        "age_days": found[1] if found else None,
        "feeds": [{**asdict(feed), "age_days": age_days(feed, now)} for feed in feeds],
    }
    return json.dumps(held, indent=2) + "\n"
