"""``history`` as JSON, version 1, in ASCII; ``docs/history.md`` has its keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conda_preflight.ledger.answer import Verified
    from conda_preflight.record_difference import RecordDifference


VERSION = 1


def rows(key: str, values: Iterable[object], **more: object) -> str:
    """A document with one list of plain values, and more keys."""
    return written({**more, key: [plain(each) for each in values]})


def changed(found: RecordDifference) -> str:
    """Two records compared."""
    from conda_preflight.answers import diff_json

    packages = json.loads(diff_json.write(found.packages)) if found.packages else None
    return written(
        {
            "old": found.old_name,
            "new": found.new_name,
            "differs": not found.empty,
            "verdicts": [found.old.verdict, found.new.verdict],
            "came": [plain(mark) for mark in found.came],
            "went": [plain(mark) for mark in found.went],
            "not_asked_again": [plain(mark) for mark in found.unasked],
            "packages": packages,
        }
    )


def verified(found: Verified) -> str:
    """What reading everything again has shown."""
    return written({"whole": not found.faults, **plain(found)})


def written(document: Mapping[str, object]) -> str:
    """One JSON document that ends with a line feed."""
    return json.dumps({"schema_version": VERSION, **document}, indent=2) + "\n"


def plain(value: Any, text: Callable[[str], str] = str) -> Any:  # noqa: ANN401  (any plain value)
    """Values of ours as objects with their fields, in their order; ``text`` turns each text."""
    if isinstance(value, str):
        return text(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), text) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(each, text) for each in value]
    if isinstance(value, Mapping):
        return {str(key): plain(each, text) for key, each in value.items()}
    return value
