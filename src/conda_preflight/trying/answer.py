"""What a step told in its file, which may hold anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.documents.host import MAX_FACT
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_BYTES = 1 << 20
MAX_FACTS = 200
STATUSES = ("passed", "failed", "not-installed", "not-tried")
_NAME = lazy_pattern(r"[^A-Za-z0-9_.:@/+-]")
_SPACES = lazy_pattern(r"\s+")


@document_type
class Told:
    """The answer of a step; ``status`` is empty where it ended without one.

    ``doing`` is the last thing that it began.
    """

    facts: tuple[tuple[str, str], ...] = ()
    doing: str = ""
    status: str = ""
    detail: str = ""


def read(path: Path) -> Told:
    """What can be read of the file; never raises for what is in it."""
    facts: dict[str, str] = {}
    doing = status = detail = ""
    for line in _lines(path):
        if "fact" in line and len(facts) < MAX_FACTS:
            facts[_NAME.sub("_", one_line(line["fact"]))[:128] or "_"] = one_line(line.get("value"))
        doing = one_line(line["doing"]) if "doing" in line else doing
        if not status and line.get("status") in STATUSES:
            status, detail = str(line["status"]), one_line(line.get("detail"))
    return Told(tuple(sorted(facts.items())), doing, status, detail)


def one_line(value: object, limit: int = MAX_FACT) -> str:
    """A text that a fact sheet can hold: printable, on one line, bounded."""
    text = value if isinstance(value, str) else ""
    line = _SPACES.sub(" ", text[: 8 * limit]).encode("utf-8", "replace").decode()
    return "".join(c for c in line if c.isprintable()).strip()[:limit]


def _lines(path: Path) -> Iterator[dict[str, object]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
    except OSError:
        return
    for line in data.split(b"\n"):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found
