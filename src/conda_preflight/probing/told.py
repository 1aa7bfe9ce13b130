"""What a child process that may hang tells its parent: facts, one a line, each at once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from conda_preflight.probing.machine import Fact


def tell(facts: Iterable[Fact]) -> None:
    """Write each fact as it is known; what a library prints goes nowhere."""
    sink = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    for fact in facts:
        os.write(sink, json.dumps(fact).encode() + b"\n")
    os._exit(0)  # a driver's own clean-up may hang


def heard(output: bytes) -> list[Fact]:
    """The facts of whole lines; anything else is passed over."""
    return [fact for line in output.split(b"\n") if (fact := _fact(line))]


def _fact(line: bytes) -> Fact | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match found:
        case [str(name), str(text)]:
            return name, text
    return None
