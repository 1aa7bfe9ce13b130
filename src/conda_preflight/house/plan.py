"""What is wrong with policies, read from the plan that they were compiled to.

An engine gives an empty answer for a variable that nothing sets and for a misspelt key of the
input, and that would pass for "nothing denied". The plan shows both before anything runs.
Source: https://www.openpolicyagent.org/docs/ir (the statements of a plan; rows count from 0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from conda_preflight.plain import value_type

Json = dict[str, Any]
UNSTABLE = {
    "http.send": "it would reach into the network",
    "net.lookup_ip_addr": "it would reach into the network",
    "opa.runtime": "it would tell of the machine",
    "rand.intn": "its answer is another one each time",
    "time.now_ns": "its answer is another one each time: input.day is the day of the audit",
    "uuid.rfc4122": "its answer is another one each time",
    "trace": "nobody would see it",
}
"""Built-in functions that a policy may not call here, and why."""

RULES = {"deny": "denied", "violation": "denied", "warn": "warned"}
"""The rules that are asked, which may go on with ``_name``: the convention of conftest."""

_INPUT, _DATA = 0, 1
_ARGUMENTS = 2
"""Each function gets the input and the data, as its first locals."""


@value_type
class Fault:
    """Something wrong: ``file`` is that of a policy, ``line`` counts from 1, 0 is unknown."""

    file: str
    line: int
    message: str


@value_type
class Asked:
    """A rule to ask: where it is in the data, its kind, and the file that begins it."""

    path: tuple[str, ...]
    kind: str
    file: str


def asked(plan: Json) -> list[Asked]:
    """The rules of a plan that say what is denied and what is warned of."""
    found = []
    for function in plan["funcs"]["funcs"]:
        _, *path = function["path"]
        kind = RULES.get(path[-1].partition("_")[0]) if path else None
        if kind and len(path) > 1:
            files = [_place(plan, each)[0] for _, each in _statements(function["blocks"])]
            found.append(Asked(tuple(path), kind, next(filter(None, files), "")))
    return found


def faults(plan: Json, keys: Collection[str]) -> list[Fault]:
    """What is wrong for sure, each once; ``keys`` are those of the input."""
    known = {each["name"] for each in plan["funcs"]["funcs"]}
    known |= {each["name"] for each in plan["static"]["builtin_funcs"]}
    found: list[Fault] = []
    for function in plan["funcs"]["funcs"]:
        found += _of_rule(plan, function)
        origins = _origins(function)
        for kind, statement in _statements(function["blocks"]):
            message = _called(statement, known) if kind == "CallStmt" else ""
            message = _unknown_key(plan, statement, keys, origins) if kind == "DotStmt" else message
            if message:
                found.append(Fault(*_place(plan, statement), message))
        found += _unset(plan, function)
    return list(dict.fromkeys(found))


def _of_rule(plan: Json, function: Json) -> Iterator[Fault]:
    """A rule with parameters is a function, which nobody calls with what it wants."""
    _, *path = function["path"]
    if RULES.get(path[-1].partition("_")[0]) and len(function["params"]) > _ARGUMENTS:
        first = next(iter(_statements(function["blocks"])), ("", {}))[1]
        message = f"{path[-1]} has parameters, so that it is a function and no rule"
        yield Fault(*_place(plan, first), message)


def _called(statement: Json, known: Collection[str]) -> str:
    name = str(statement["func"])
    if reason := UNSTABLE.get(name):
        return f"{name} may not be called here: {reason}"
    return "" if name in known else f"There is no function {name}"


def _origins(function: Json) -> dict[int, int]:
    """The locals that are the input or the data, and which of the two."""
    found = {_INPUT: _INPUT, _DATA: _DATA}
    targets = Counter(s.get("target") for _, s in _statements(function["blocks"]))
    for kind, statement in _statements(function["blocks"]):
        if kind == "AssignVarStmt" and statement["source"]["type"] == "local":
            source, target = statement["source"]["value"], statement["target"]
            if source in (_INPUT, _DATA) and targets[target] == 1:
                found[target] = source
    return found


def _unknown_key(
    plan: Json, statement: Json, keys: Collection[str], origins: Mapping[int, int]
) -> str:
    source, key = statement["source"], statement["key"]
    origin = origins.get(source["value"]) if source["type"] == "local" else None
    if origin is None or key["type"] != "string_index":
        return ""
    text = str(plan["static"]["strings"][key["value"]]["value"])
    if origin == _INPUT:
        return "" if text in keys else f"The input has no {text}: it has {', '.join(keys)}"
    is_there = any(text in each["path"][1:2] for each in plan["funcs"]["funcs"])
    return "" if is_there else f"There is no data.{text}: policies have the input and each other"


def _unset(plan: Json, function: Json) -> Iterator[Fault]:
    """Variables that are read and that nothing can have set."""
    set_here = set(function["params"])
    read: dict[int, Json] = {}
    for kind, statement in _statements(function["blocks"]):
        writes = ("target", "result", *(("key", "value") if kind == "ScanStmt" else ()))
        set_here.update(v for k in writes if isinstance(v := statement.get(k), int))
        for local in _locals(kind, statement):
            read.setdefault(local, statement)
    places = (_place(plan, read[local]) for local in read.keys() - set_here)
    for file, line in dict.fromkeys(places):
        message = "A variable here gets no value; write `some x in list` before it is used"
        yield Fault(file, line, message)


def _locals(kind: str, statement: Json) -> Iterator[int]:
    """The locals that a statement reads."""
    for value in statement.values():
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict) and each.get("type") == "local":
                yield each["value"]
    source = statement.get("source")
    if isinstance(source, int) and kind != "ScanStmt":
        yield source


def _statements(blocks: list[Any]) -> Iterator[tuple[str, Json]]:
    """Every statement in blocks and in the blocks of statements, in order, with its kind."""
    left: list[Any] = [blocks]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left.extend(reversed(node))
        elif isinstance(node, dict):
            if "stmt" in node:
                yield str(node["type"]), node["stmt"]
            left.extend(reversed([v for v in node.values() if isinstance(v, dict | list)]))


def _place(plan: Json, statement: Json) -> tuple[str, int]:
    if "file" not in statement:
        return "", 0
    return str(plan["static"]["files"][statement["file"]]["value"]), int(statement["row"]) + 1
