"""Runs policies in a process of its own: an order on its input, an answer in a file.

It has no variables, bounded memory, time and files, and the library of rego-cpp prints to its
output what it likes. Source: https://github.com/microsoft/rego-cpp (regopy).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_preflight.house.plan import Asked, Fault, asked, faults

if TYPE_CHECKING:
    from regopy import Interpreter

ANSWER = "answer.json"
PLAN = "plan"
OVER = 77
"""The exit code of a process that has taken more memory."""

_LOOK = 0.05
MAX_FILE = 64 << 20
_ERROR = re.compile(r"\(error \d+:(.{1,500}?)\|(\d+)\|\d+\s+\(errormsg \d+:([^\n]{1,500}?)\)\n")
_MESSAGE = re.compile(r"\(errormsg \d+:([^\n]{1,500}?)\)\n")
_HINTS = {
    "Invalid bracket argument": (
        "An argument of a function holds [_], which this engine cannot go through; "
        "write `some x in list` before it"
    ),
}
_UNTOLD = (
    "The engine does not say why: a built-in function got what it cannot work with, two values of "
    "one thing disagree, or it takes too many steps"
)


def main() -> None:
    """Read the order, write the answer into the folder that this was started in."""
    order = json.loads(sys.stdin.buffer.read())
    _bound(int(order["seconds"]), int(order["memory"]))
    answer = judge(order["modules"], order["input"])
    Path(ANSWER).write_text(json.dumps(answer), encoding="utf-8")


def judge(policies: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with the policies, and what each of their rules says of the input.

    The engine knows them by numbers, since it changes names that have a slash in them.
    """
    from regopy import Interpreter

    names = {f"{number}.rego": name for number, name in enumerate(policies)}
    modules = dict(zip(names, policies.values(), strict=True))
    engine = Interpreter()
    engine.strict_built_in_errors = True
    wrong = [fault for name, text in modules.items() for fault in _add(engine, name, text)]
    plan = {} if wrong else _plan(engine, modules, wrong)
    if plan:
        wrong += faults(plan, tuple(given))
    rules = asked(plan) if plan else []
    if plan and not rules:
        message = "No policy has a rule deny, violation or warn, so that nothing is judged"
        wrong.append(Fault(next(iter(modules)), 0, message))
    answers = []
    if rules and not wrong:
        engine.set_input_term(json.dumps(given, ensure_ascii=False))  # set_input escapes nothing
        answers = [each for rule in rules for each in _ask(engine, rule, wrong)]
    told = [{"file": f.file, "line": f.line, "message": f.message} for f in wrong]
    for each in (*told, *answers):
        each["file"] = names.get(each["file"], "")
    return {"faults": told, "answers": answers}


def _add(engine: Interpreter, name: str, text: str) -> Iterator[Fault]:
    from regopy.rego_shared import RegoError

    try:
        engine.add_module(name, text)
    except RegoError as error:
        yield _first(str(error), {name: text}) or Fault(name, 0, "This is not Rego")


def _plan(engine: Interpreter, modules: dict[str, str], wrong: list[Fault]) -> dict[str, Any]:
    """The compiled form; empty, with a fault more, where there is none."""
    from regopy.rego_shared import RegoError

    try:
        engine.save_bundle(PLAN, engine.build("x=data"))
        plan: dict[str, Any] = json.loads(Path(PLAN, "plan.json").read_bytes())
    except (RegoError, ValueError, OSError) as error:
        wrong.append(_first(str(error), modules) or _together(str(error), modules))
        return {}
    return plan


def _together(text: str, modules: dict[str, str]) -> Fault:
    """An error that has no place."""
    found = _MESSAGE.search(text)
    why = f": {found[1]}" if found else ""
    return Fault(next(iter(modules)), 0, f"The policies cannot be compiled together{why}")


def _first(text: str, modules: dict[str, str]) -> Fault | None:
    """The first error of the library's, whose places are bytes from the start of a file."""
    if not (found := _ERROR.search(text)):
        return None
    name, start, message = found[1], int(found[2]), found[3]
    before = modules.get(name, "").encode()[:start]
    return Fault(name, before.count(b"\n") + 1, _HINTS.get(message, message))


def _ask(engine: Interpreter, rule: Asked, wrong: list[Fault]) -> Iterator[dict[str, Any]]:
    """The value of a rule; nothing where it has none, and a fault where it cannot be told."""
    from regopy.rego_shared import RegoError

    path = "".join(f"[{json.dumps(part)}]" for part in rule.path)
    try:
        output = engine.query(f"x=data{path}")
        if not output.ok():
            wrong.append(_failed(rule, str(output)))
        elif "x" in (found := output[0].bindings):
            yield {"path": rule.path, "kind": rule.kind, "file": rule.file, "value": found["x"]}
    except json.JSONDecodeError as error:  # it tells an error where an answer should be
        wrong.append(_failed(rule, error.doc))
    except RegoError as error:
        wrong.append(_failed(rule, str(error)))


def _failed(rule: Asked, text: str) -> Fault:
    found = _MESSAGE.search(text)
    return Fault(rule.file, 0, f"{'.'.join(rule.path)}: {found[1] if found else _UNTOLD}")


def _bound(seconds: int, memory: int) -> None:
    """Bound processor time, files and memory, where the system can.

    The library reserves 256 GiB of addresses when it is loaded and uses few of them, so that
    the system's own limit would keep it from starting: a thread looks at what is used.
    """
    with contextlib.suppress(ImportError):
        import resource

        limits = (
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, MAX_FILE),
            (resource.RLIMIT_CORE, 0),
        )
        for which, most in limits:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (most, most))
    threading.Thread(target=_watch, args=(memory,), daemon=True).start()


def _watch(memory: int) -> None:
    """End this process when it uses more memory than it may, where Linux tells how much."""
    page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    with contextlib.suppress(OSError), Path("/proc/self/statm").open("rb", buffering=0) as told:
        while int(os.pread(told.fileno(), 100, 0).split()[1]) * page <= memory:
            time.sleep(_LOOK)
        os._exit(OVER)
