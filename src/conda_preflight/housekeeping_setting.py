"""The ``[housekeeping]`` table of the settings: what is stale for ``clean``, and what stays."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.setting_values import one_text, refuse_unknown, texts

_SPAN = lazy_pattern(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) *(h|hours?|d|days?|w|weeks?)")
_SECONDS = {"h": 3_600.0, "d": 86_400.0, "w": 604_800.0}


@value_type
class HousekeepingSetting:
    """Times in words such as ``90 days``, and globs of names and paths of what stays.

    ``stale_after`` is how long an environment has not been used when it is stale, ``undo_for``
    how long it stays in the trash.
    """

    stale_after: str = "90 days"
    undo_for: str = "30 days"
    keep: tuple[str, ...] = ()


NO_HOUSEKEEPING = HousekeepingSetting()
HOUSEKEEPING_KEYS = tuple(each.name.replace("_", "-") for each in fields(HousekeepingSetting))


def read_housekeeping(value: object) -> HousekeepingSetting:
    """The table; raises UsageError for unknown keys and wrong types."""
    if not isinstance(value, dict):
        raise UsageError(
            "housekeeping is a table", 'Write [housekeeping] with stale-after = "90 days".'
        )
    table = {key.replace("_", "-"): item for key, item in value.items()}
    refuse_unknown(table, HOUSEKEEPING_KEYS, "key of housekeeping")
    spans = {
        key: one_text(table[name], f"{name} of housekeeping")
        for name, key in (("stale-after", "stale_after"), ("undo-for", "undo_for"))
        if name in table
    }
    for text in spans.values():
        seconds(text)
    return HousekeepingSetting(**spans, keep=texts(table.get("keep", []), "keep of housekeeping"))


def seconds(text: str) -> float:
    """The seconds in ``90 days``, ``12 hours`` or ``2 weeks``; raises UsageError."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise UsageError(f"{text!r} is no span of time", "Write `90 days`, `12 hours`, `2 weeks`.")
    return float(match.group(1)) * _SECONDS[match.group(2)[0]]
