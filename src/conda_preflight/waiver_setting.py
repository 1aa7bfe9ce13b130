"""The ``[[waivers]]`` tables of the settings: exceptions with a reason and an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.setting_values import refuse_unknown

STANCES = ("not_affected", "affected", "fixed")
"""What OpenVEX can say of a product, as far as it is an exception."""


@value_type
class WaiverSetting:
    """One ``[[waivers]]`` table: ``path`` and ``about`` are globs, ``expires`` an ISO date.

    ``id`` is any name of a vulnerability, ``package`` a glob of ``name``, ``name=version`` or
    ``name=version=build``; with either the rule is "vuln/known" unless another is named.
    ``status`` and ``justification`` are OpenVEX's words, for who reads the exception elsewhere.
    """

    rule: str
    reason: str = ""
    expires: str = ""
    path: str = "*"
    about: str = "*"
    id: str = ""
    package: str = ""
    status: str = ""
    justification: str = ""
    line: int = 0


WAIVER_KEYS = tuple(field.name for field in fields(WaiverSetting) if field.name != "line")


def read_waivers(value: object, text: str) -> tuple[WaiverSetting, ...]:
    """The tables, with the lines of the text on which they stand; raises UsageError."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UsageError(
            "waivers is a list of tables", "Write [[waivers]] with rule, reason, expires."
        )
    lines = _waiver_lines(text)
    lines += [0] * (len(value) - len(lines))
    return tuple(_waiver(item, line) for item, line in zip(value, lines, strict=False))


def _waiver(item: Mapping[str, Any], line: int) -> WaiverSetting:
    refuse_unknown(item, WAIVER_KEYS, "key of a waiver")
    values = {key: str(value) for key, value in item.items()}
    if "id" in values or "package" in values:
        values.setdefault("rule", "vuln/known")
    status = values.get("status", STANCES[0])
    if status not in STANCES:
        raise UsageError(f"status of a waiver is {' or '.join(STANCES)}, not {status!r}")
    if "rule" not in values:
        raise UsageError("a waiver has no rule", "Name the rule id that it is for.")
    return WaiverSetting(**values, line=line)


def _waiver_lines(text: str) -> list[int]:
    """The lines on which waivers name their rule, or else begin; places for findings about them."""
    named: list[int] = []
    is_told = True
    for number, line in enumerate(text.split("\n"), 1):
        begin = line.lstrip(" {[").replace(" ", "")
        if begin.startswith("waivers]]"):
            named, is_told = [*named, number], False
        elif begin.startswith("rule="):
            named, is_told = [*(named if is_told else named[:-1]), number], True
    return named
