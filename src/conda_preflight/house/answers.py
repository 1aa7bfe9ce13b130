"""What policies answer, read as hostile input: a set of texts or objects, or it is a fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from conda_preflight.documents.ruling import BROKEN, Ruling

MAX_TEXT = 2_000
"""Characters of one text that are shown."""

MAX_ITEMS = 10_000
"""Things that one rule may tell."""

SEVERITIES = ("error", "warning", "note")
_TEXTS = ("msg", "id", "about", "file", "severity", "fix")
_HINT = 'a rule is a set of texts or objects: deny contains "why" if { ... }'


def rulings(answer: object, policies: Iterable[str]) -> Iterator[Ruling]:
    """What the child's answer says; ``policies`` are the files that were given.

    An answer of another shape is one ruling that says so.
    """
    names = list(policies)
    try:
        faults, answers = answer["faults"], answer["answers"]  # type: ignore[index]
        for each in faults:
            line = _line(each)
            yield Ruling(BROKEN, _text(each["message"]), _named(each, names), line)
        for each in answers:
            yield from _of_rule(each, _named(each, names))
    except (LookupError, TypeError, AttributeError, ValueError):
        yield Ruling(BROKEN, "The engine gave an answer of another shape", names[0])


def _named(each: dict[str, Any], names: list[str]) -> str:
    return each["file"] if each["file"] in names else names[0]


def _line(each: dict[str, Any]) -> int:
    line = each.get("line", 0)
    return line if type(line) is int and 0 < line < 1 << 31 else 0


def _of_rule(each: dict[str, Any], policy: str) -> Iterator[Ruling]:
    rule = _text(".".join(each["path"]))
    items = _items(each["value"])
    if items is None:
        told = f"{rule} is {_text(json.dumps(each['value']))[:200]}; {_HINT}"
        yield Ruling(BROKEN, told, policy)
        return
    if len(items) > MAX_ITEMS:
        told = f"{rule} tells {len(items):,} things, and may tell {MAX_ITEMS:,}"
        yield Ruling(BROKEN, told, policy)
    for item in items[:MAX_ITEMS]:
        yield _ruling(item, str(each["kind"]), rule, policy)


def _items(value: object) -> list[object] | None:
    """The items of a set; ``deny[msg] { ... }`` of Rego's version 0 is an object of true."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(each is True for each in value.values()):
        return [_key(key) for key in value]
    return None


def _key(text: str) -> object:
    if not text.startswith("{"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _ruling(item: object, kind: str, rule: str, policy: str) -> Ruling:
    told = {"msg": item} if isinstance(item, str) else item
    if fault := _fault(told):
        return Ruling(BROKEN, f"{rule}: {fault}", policy)
    assert isinstance(told, dict)  # noqa: S101  (what is none has a fault)
    texts = {key: _text(told.get(key) or "") for key in _TEXTS}
    return Ruling(
        kind,
        texts["msg"],
        policy,
        file=texts["file"],
        line=_line(told),
        id=texts["id"],
        about=texts["about"],
        severity=texts["severity"],
        fix=texts["fix"],
    )


def _fault(told: object) -> str:
    """Why an item is none, empty where it is."""
    if not isinstance(told, dict):
        return f"{_text(json.dumps(told))[:200]} is neither a text nor an object with msg"
    if not isinstance(told.get("msg"), str) or not told["msg"].strip():
        return "an object has no msg that says why"
    wrong = [key for key in _TEXTS if not isinstance(told.get(key), str | None)]
    if wrong:
        return f"{wrong[0]} is a text"
    if (told.get("severity") or "error") not in SEVERITIES:
        return f"severity is {', '.join(SEVERITIES)}, not {_text(told['severity'])[:40]}"
    return ""


def _text(text: str) -> str:
    """One line of bounded length."""
    line = " ".join(text[: 4 * MAX_TEXT].split())
    return line if len(line) <= MAX_TEXT else line[:MAX_TEXT] + "..."
