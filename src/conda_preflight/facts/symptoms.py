"""What programs say when an environment fails on a machine, with the cause and a remedy.

A text that several failures share stands with the one that is most common; the others are in
the table ``symptoms.csv`` without a text, so that each name is explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from conda_preflight.facts.table import Row, table
from conda_preflight.plain import value_type

MAX_OUTPUT = 128 * 1024
"""Characters of an output that are looked at: the last ones."""
MAX_FOUND = 4
_GAP = "…"


@value_type
class Symptom:
    """One failure by name; a text with "…" has anything in between, on the same line.

    Texts are compared without regard to case. ``fix`` is a sentence.
    """

    id: str
    texts: tuple[str, ...]
    cause: str
    fix: str
    source: str


@cache
def symptoms() -> dict[str, Symptom]:
    """All of them by name, the more special ones before those that are more general."""
    return {row["failure"]: _symptom(row) for row in table("symptoms")}


def _symptom(row: Row) -> Symptom:
    texts = tuple(text for text in row["texts"].split(" | ") if text)
    return Symptom(row["failure"], texts, row["cause"], row["fix"], row["source"])


def recognized(output: str) -> tuple[Symptom, ...]:
    """The failures whose texts an output has, at most four; one pass for each text."""
    lower = output[-MAX_OUTPUT:].lower()
    found: list[Symptom] = []
    for symptom in symptoms().values():
        if len(found) < MAX_FOUND and any(_has(lower, text.lower()) for text in symptom.texts):
            found.append(symptom)
    return tuple(found)


def _has(output: str, text: str) -> bool:
    first, *others = text.split(_GAP)
    if not others:
        return first in output
    return any(_in_order(line, others) for line in _lines_after(output, first))


def _lines_after(output: str, text: str) -> Iterator[str]:
    """The rest of each line, from the first place where it has the text."""
    at = output.find(text)
    while at >= 0:
        end = output.find("\n", at)
        end = len(output) if end < 0 else end
        yield output[at + len(text) : end]
        at = output.find(text, end)


def _in_order(line: str, texts: list[str]) -> bool:
    at = 0
    for text in texts:
        at = line.find(text, at)
        if at < 0:
            return False
        at += len(text)
    return True
