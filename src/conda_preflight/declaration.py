"""Checks by their declaration, which is read from the text of their module and not run.

An audit of one manifest meets one check in three; importing the others would cost more
than all the rest. What the text does not tell at a glance is told by importing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import cast

from conda_preflight.check import Check
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Rule

_DECLARED = lazy_pattern(
    r"^@check\(\s*\"([a-z0-9/-]+)\",[^()]*(?:\([^()]*\)[^()]*)*\)\s*^def \w+\(([^()*]*)[*)]",
    re.MULTILINE,
)
_POSITIONAL = lazy_pattern(r"\w+: ([\w |]+)")


def declared(module: str, file: str) -> tuple[Check, ...]:
    """The checks of a module, imported only when they are to run."""
    with open(file, "rb") as stream:  # noqa: PTH123  (pathlib costs as much as the rest)
        text = stream.read().decode("utf-8")
    found = _DECLARED.findall(text)
    if len(found) != 1 or text.count("@check(") != 1:
        return in_module(module)
    rule_id, signature = found[0]
    types = [_types(part) for part in signature.split(",") if part.strip()]
    if not types or not all(types):
        return in_module(module)
    return (unloaded(module, rule_id, types[0], tuple(names[0] for names in types[1:])),)


def unloaded(module: str, rule_id: str, examines: tuple[str, ...], needs: tuple[str, ...]) -> Check:
    """The check of that rule in a module, which is imported when more is asked of it."""

    def load() -> Check:
        return next(check for check in in_module(module) if check.rule.id == rule_id)

    return cast("Check", _Unloaded(rule_id, examines, needs, load))


def index_line(module: str, check: Check) -> str:
    """How an index tells a check: its module, rule, what it examines and what it needs."""
    rule = check.rule
    return "\t".join((module, rule.id, " ".join(rule.examines), " ".join(rule.needs)))


def indexed(text: str) -> dict[str, Check]:
    """The checks of an index by their modules, none of them imported."""
    found = {}
    for line in text.split("\n"):
        if line:
            module, rule_id, examines, needs = line.split("\t")
            found[module] = unloaded(module, rule_id, tuple(examines.split()), tuple(needs.split()))
    return found


def in_module(name: str) -> tuple[Check, ...]:
    """The checks of a module, which is imported."""
    return tuple(value for value in vars(import_module(name)).values() if isinstance(value, Check))


def _types(parameter: str) -> tuple[str, ...]:
    found = _POSITIONAL.fullmatch(parameter.strip())
    return tuple(name.strip() for name in found[1].split("|")) if found else ()


class _Unloaded:
    """Stands for a Check and becomes it when more is asked of it than whom it meets."""

    def __init__(
        self,
        rule: str,
        examines: tuple[str, ...],
        needs: tuple[str, ...],
        load: Callable[[], Check],
    ) -> None:
        self._load = load
        self.rule = cast("Rule", _UnloadedRule(rule, examines, needs, lambda: self._check.rule))

    @cached_property
    def _check(self) -> Check:
        return self._load()

    def __getattr__(self, name: str) -> object:
        return getattr(self._check, name)


class _UnloadedRule:
    """The same for its Rule."""

    def __init__(
        self, rule: str, examines: tuple[str, ...], needs: tuple[str, ...], load: Callable[[], Rule]
    ) -> None:
        self.id, self.examines, self.needs, self._load = rule, examines, needs, load
        self.family = rule.partition("/")[0]

    def __getattr__(self, name: str) -> object:
        return getattr(self._load(), name)
