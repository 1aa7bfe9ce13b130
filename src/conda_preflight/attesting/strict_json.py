"""JSON that has one meaning: no key twice, no NaN, bounded in size and depth."""

from __future__ import annotations

import json

from conda_preflight.errors import ReadError

MAX_BYTES = 32 * 1024 * 1024


def load(data: bytes, what: str) -> dict[str, object]:
    """One JSON object; raises ReadError, whose sentence begins with ``what``."""
    if len(data) > MAX_BYTES:
        raise ReadError(f"{what} is larger than {MAX_BYTES // 1024**2} MiB")
    try:
        found = json.loads(
            data.decode(), object_pairs_hook=_once, parse_constant=_refused, parse_float=_number
        )
    except ReadError as error:
        raise ReadError(f"{what} {error.message}") from None
    except RecursionError:
        raise ReadError(f"{what} is nested too deep") from None
    except ValueError:
        raise ReadError(f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise ReadError(f"{what} is not a JSON object")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ReadError("has a key twice, which readers understand differently")
    return found


def _refused(word: str) -> object:
    raise ReadError(f"holds {word}, which is not JSON")


def _number(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ReadError("holds a number that is too large")
    return found
