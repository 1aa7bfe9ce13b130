"""What of a schema is gone or narrower than it was: such a change needs a new version."""

from __future__ import annotations

WORDS = {"title", "description", "default", "$comment", "$id", "$schema"}
GROWING = {"properties", "$defs"}


def losses(old, new, at="#"):
    """Sentences about what was promised and is not, or was allowed and is not."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{at} is another one"]
    found = [each for key in sorted(old.keys() - WORDS) for each in _of(key, old, new, at)]
    more = sorted(new.keys() - old.keys() - WORDS - GROWING)
    return [*found, *(f"{at} is narrower by {key}" for key in more)]


def _of(key, old, new, at):
    if key not in new:
        loosened = key in ("maxLength", "maxItems", "maxProperties", "pattern")
        return [] if loosened else [f"{at}/{key} is gone"]
    before, now, here = old[key], new[key], f"{at}/{key}"
    if key in GROWING:
        return [
            each
            for name in before
            for each in (
                losses(before[name], now[name], f"{here}/{name}")
                if name in now
                else [f"{here}/{name} is gone"]
            )
        ]
    if key == "required":
        return [] if set(before) == set(now) else [f"{here} is another one"]
    if key == "enum":
        return [f"{here} lacks {value!r}" for value in before if value not in now]
    if key == "anyOf":
        short = len(now) < len(before)
        pairs = zip(before, now, strict=False)
        kept = [each for i, (a, b) in enumerate(pairs) for each in losses(a, b, f"{here}/{i}")]
        return [f"{here} is shorter", *kept] if short else kept
    return losses(before, now, here)
