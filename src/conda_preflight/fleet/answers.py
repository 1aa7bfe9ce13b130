"""What one node of a fleet answered, or why it did not.

An answer is one JSON object of the schema ``conda-preflight/node/1``, made by ``collect`` on the
node and read here, whoever carried it. A node may send anything: sizes and kinds are looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from conda_preflight import __version__
from conda_preflight.errors import ReadError
from conda_preflight.plain import document_type, value_type
from conda_preflight.schema import from_json

SCHEMA = "conda-preflight/node/1"
_ANY_SCHEMA = "conda-preflight/node/"
REACHED, FAILED, TIMED_OUT, DEAD = "reached", "failed", "timed out", "dead"
"""What became of asking a node; only a reached one has facts."""
MAX_BYTES = 64 * 1024 * 1024
MAX_FACTS = 5_000
MAX_FILES = 2_000_000
_MAX_KEY, _MAX_TEXT, _MAX_PATH = 256, 4_096, 4_096
_OTHER = "has conda-preflight {}, and here it is {}"


@value_type
class Clock:
    """How many seconds the clock of a node is ahead; the true value is not further off than that.

    ``bound`` is half of the round trip in which the node was asked.
    """

    ahead: float
    bound: float


@document_type
class Listing:
    """What an environment holds by name, to tell in what it differs from another.

    ``files`` are digests by path, ``packages`` versions with build by name.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)


@document_type
class NodeAnswer:
    """One node: what became of asking it, and what it said.

    ``status`` is REACHED, FAILED, TIMED_OUT or DEAD and ``reason`` a sentence's end that says why;
    a reached node has a reason where its environment or project could not be judged. ``sheet`` is
    the fact sheet as ``probe`` writes it, ``report`` the report of its audit as JSON, empty for
    none; ``measured`` are the facts that are compared, by dotted name. ``listing`` is None where it
    was not asked for, ``seconds`` how long the node took.
    """

    node: str
    status: str = REACHED
    reason: str = ""
    sheet: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None
    clock: Clock | None = None
    seconds: float = 0.0

    @property
    def is_reached(self) -> bool:
        """Whether it answered, so that its facts can be compared."""
        return self.status == REACHED


def read(node: str, text: bytes | str, *, seconds: float = 0.0) -> NodeAnswer:
    """The answer that a node sent; FAILED where it is none, or one of another version of this."""
    try:
        return _read(node, _parsed(text), seconds)
    except ReadError as error:
        return NodeAnswer(node, FAILED, error.message, seconds=seconds)
    except (ValueError, RecursionError):
        return NodeAnswer(node, FAILED, "what it sent is no answer", seconds=seconds)


def read_named(name: str, text: bytes | str) -> NodeAnswer:
    """The same of a node that says its own name; ``name`` is for one that does not."""
    answer = read(name, text)
    if not answer.is_reached:
        return answer
    own = _parsed(text).get("node")
    said = own.strip()[:_MAX_KEY] if isinstance(own, str) else ""
    return replace(answer, node=said) if said else answer


def written(answer: NodeAnswer) -> dict[str, Any]:
    """A reached node's answer as ``read`` takes it."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "version": __version__,
        "node": answer.node,
        "reason": answer.reason,
        "sheet": answer.sheet,
        "report": answer.report,
        "measured": dict(answer.measured),
    }
    if answer.listing is not None:
        told["listing"] = listing_json(answer.listing)
    if answer.clock:
        told["clock"] = {"ahead": answer.clock.ahead, "bound": answer.clock.bound}
    return told


def listing_json(listing: Listing) -> dict[str, Any]:
    """A listing as plain values."""
    return {"files": dict(listing.files), "packages": dict(listing.packages)}


def read_listing(told: object) -> Listing:
    """The listing in plain values that a node sent; raises ReadError."""
    if not isinstance(told, dict):
        raise ReadError("its list of files is none")
    files = _texts(told.get("files", {}), MAX_FILES)
    return Listing(files, _texts(told.get("packages", {}), MAX_FILES))


def _parsed(text: bytes | str) -> Any:  # noqa: ANN401
    """The JSON of a text; raises ReadError, ValueError, RecursionError."""
    if len(text) > MAX_BYTES:
        raise ReadError(f"what it sent is larger than {MAX_BYTES // 1024**2} MiB")
    if not text.strip():
        raise ReadError("it sent nothing")
    return json.loads(text, parse_constant=_finite, parse_float=_finite)


def _finite(text: str) -> float:
    """A number that JSON can hold, which ``NaN`` and ``1e999`` are not; raises ValueError."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _read(node: str, told: object, seconds: float) -> NodeAnswer:
    if not isinstance(told, dict) or not str(told.get("schema")).startswith(_ANY_SCHEMA):
        raise ReadError("what it sent is no answer")
    version = str(told.get("version"))[:_MAX_KEY]
    if version != __version__:
        raise ReadError(_OTHER.format(version, __version__))
    if told["schema"] != SCHEMA:
        raise ReadError("what it sent is no answer")
    report = told.get("report") or {}
    if report:
        from_json(_object(report))
    clock = told.get("clock")
    return NodeAnswer(
        node=node,
        reason=str(told.get("reason", ""))[:_MAX_TEXT],
        sheet=_object(told.get("sheet", {})),
        report=_object(report),
        measured=_texts(told.get("measured", {}), MAX_FACTS),
        listing=read_listing(told["listing"]) if "listing" in told else None,
        clock=_clock(_object(clock)) if clock else None,
        seconds=seconds,
    )


def _clock(told: Mapping[str, Any]) -> Clock:
    ahead, bound = told.get("ahead"), told.get("bound")
    try:
        if isinstance(ahead, int | float) and isinstance(bound, int | float):
            return Clock(float(ahead), float(bound))
    except OverflowError:
        pass
    raise ReadError("what it says of its clock is no number")


def _object(told: object) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ReadError("a part of its answer is of another kind")
    return told


def _texts(told: object, most: int) -> dict[str, str]:
    """Texts by name, each of them and all of them bounded."""
    found = _object(told)
    if len(found) > most:
        raise ReadError(f"it names more than {most:,} things at once")
    return {
        str(key)[:_MAX_PATH]: value[:_MAX_TEXT]
        for key, value in found.items()
        if isinstance(value, str)
    }
