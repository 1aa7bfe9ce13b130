"""Uses of a library in code that make it load another one: which fact a call or import meets."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from conda_preflight.facts.dynamic_need import DynamicNeed
from conda_preflight.facts.dynamic_needs import NEEDS


def _by(attribute: str, *, last: bool = False) -> Mapping[str, list[DynamicNeed]]:
    table: dict[str, list[DynamicNeed]] = {}
    for need in NEEDS:
        for name in getattr(need, attribute):
            table.setdefault(name.rpartition(".")[2] if last else name, []).append(need)
    return table


_IMPORTED = _by("imported")
_CALLS = _by("calls")
_METHODS = _by("methods")

WORDS = frozenset(
    (
        *_by("calls", last=True),
        *_METHODS,
        *("import_module", "__import__", "importorskip"),
    )
)
"""Words of which one stands in each file whose calls matter."""


def uses_of_import(module: str, name: str) -> Iterator[str]:
    """The keys of the facts that an import meets."""
    for text in dict.fromkeys((module, f"{module}.{name}")):
        yield from (need.key for need in _IMPORTED.get(text, ()))


def uses_of_call(node: ast.Call, name: str, imported: Collection[str]) -> Iterator[tuple[str, str]]:
    """The keys of the facts that a call meets, each with what was written.

    ``name`` is the called name with aliases resolved, and ``imported`` are the modules that the
    file imports, for a method of an object nobody knows the type of.
    """
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    needs = [*_CALLS.get(name, ())]
    needs += [n for n in _METHODS.get(method, ()) if n.module in imported and n not in needs]
    for need in needs:
        written = _written(need, node)
        if written is not None:
            yield need.key, written or f"{name or method}()"


def _written(need: DynamicNeed, node: ast.Call) -> str | None:
    """The argument that makes the call need it, "" where the call alone does; None where not."""
    if need.argument:
        first = node.args[0] if node.args else None
        text = first.value if isinstance(first, ast.Constant) else None
        fits = isinstance(text, str) and text.startswith(need.argument)
        return f'"{str(text)[:60]}"' if fits else None
    if not need.keyword:
        return ""
    for keyword in node.keywords:
        if keyword.arg == need.keyword:
            return _value(need, keyword.value)
    return None


def _value(need: DynamicNeed, node: ast.expr) -> str | None:
    """``device_map="auto"`` where the value is the one that counts, and is written there."""
    if not isinstance(node, ast.Constant):
        return None if need.values else f"{need.keyword}=..."
    value = node.value
    if need.values:
        return f"{need.keyword}={value!r}" if str(value) in need.values else None
    return None if value in (None, False) else f"{need.keyword}={str(value)[:40]!r}"
