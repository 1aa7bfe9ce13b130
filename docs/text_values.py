"""Which texts an expression of the code can be, as far as that can be read and not run.

Names, calls, choices and f-strings are followed, also into other modules of the project; what
cannot be told is a hole.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from itertools import product
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"
HOLE = "\0"
_MOST = 24
_DEPTH = 6
Texts = frozenset[str]
ANY: Texts = frozenset((HOLE,))
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLURALS = tuple(
    frozenset(words.split("|"))
    for words in (
        "|s",
        "s|",
        "is|are",
        "it|them",
        "has|have",
        "was|were",
        "y|ies",
        "does|do",
        "|es",
    )
)
"""Choices that depend on a number alone: written ``{|s}``, and left out of translations."""


class Module:
    """A module's tree, and where its names come from."""

    def __init__(self, file: Path) -> None:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        self.nodes = list(ast.walk(tree))
        self.functions = {n.name: n for n in self.nodes if isinstance(n, _Function)}
        self.calls: dict[str, list[ast.Call]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.calls.setdefault(node.func.id, []).append(node)
        self.owners = {id(n): f for f in self.functions.values() for n in ast.walk(f)}
        self.constants = _assigned(tree.body)
        self.imports = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in self.nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }


@cache
def module_of(file: Path) -> Module:
    """The module of a file, read once."""
    return Module(file)


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _bind(target, node.value, names)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            _bind(node.target, node.value, names)
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            _bind(node.target, node.iter, names)
        elif isinstance(node, ast.AugAssign):
            _bind(node.target, ast.BinOp(node.target, node.op, node.value), names)
    return names


def _bind(target: ast.expr, value: ast.expr, names: dict[str, list[ast.expr]]) -> None:
    if isinstance(target, ast.Name):
        names.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple):
        for place, each in enumerate(target.elts):
            of = value.elts[place] if isinstance(value, ast.Tuple) else ast.Starred(value)
            _bind(each, of, names)


def texts_of(node: ast.AST, module: Module, depth: int = 0) -> Texts:
    """Every text that this may be; a hole where that cannot be told."""
    way = _WAYS.get(type(node))
    if way is None or depth > _DEPTH:
        return ANY
    found = way(node, module, depth + 1)
    return found if 0 < len(found) <= _MOST else ANY


def _constant(node: ast.Constant, _: Module, __: int) -> Texts:
    return frozenset((node.value,)) if isinstance(node.value, str) else ANY


def _either(node: ast.IfExp | ast.BoolOp, module: Module, depth: int) -> Texts:
    parts = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
    return frozenset().union(*(texts_of(part, module, depth) for part in parts))


def _joined(node: ast.JoinedStr, module: Module, depth: int) -> Texts:
    return _products([_part(value, module, depth) for value in node.values])


def _part(node: ast.expr, module: Module, depth: int) -> Texts:
    if not isinstance(node, ast.FormattedValue):
        return texts_of(node, module, depth)
    plain = node.conversion == -1 and node.format_spec is None
    found = texts_of(node.value, module, depth) if plain else ANY
    if found in _PLURALS:
        return frozenset((f"{{{'|'.join(sorted(found))}}}",))
    return ANY if HOLE in found else found


def _products(parts: list[Texts]) -> Texts:
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        parts = [p if len(p) == 1 or size <= _MOST else ANY for p in parts]
    return frozenset("".join(each) for each in product(*parts))


def _operation(node: ast.BinOp, module: Module, depth: int) -> Texts:
    left = _part(node.left, module, depth)
    if isinstance(node.op, ast.Mult):
        constant = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        return left | {""} if constant else ANY
    if not isinstance(node.op, ast.Add):
        return ANY
    return _products([left, _part(node.right, module, depth)])


def _name(node: ast.Name, module: Module, depth: int) -> Texts:
    owner = module.owners.get(id(node))
    if owner:
        local = _assigned(ast.walk(owner)).get(node.id)
        if local:
            return frozenset().union(*(texts_of(each, module, depth) for each in local))
        arguments = [a.arg for a in (*owner.args.args, *owner.args.kwonlyargs)]
        if node.id in arguments:
            return _given(owner, node.id, module, depth)
    if values := module.constants.get(node.id):
        return frozenset().union(*(texts_of(each, module, depth) for each in values))
    real, other = _imported(node.id, module)
    return _name(ast.Name(real), other, depth) if other and depth <= _DEPTH else ANY


def _given(owner: _Function, name: str, module: Module, depth: int) -> Texts:
    """What the calls of a function in its module give for a parameter."""
    names = [a.arg for a in owner.args.args]
    place = names.index(name) if name in names else len(names)
    found: list[Texts] = []
    for call in module.calls.get(owner.name, ()):
        if any(isinstance(a, ast.Starred) for a in call.args):
            return ANY
        given = [k.value for k in call.keywords if k.arg == name]
        given += call.args[place : place + 1] if name in names else []
        found += [texts_of(each, module, depth) for each in given[:1]]
    return frozenset().union(*found) if found else ANY


def _imported(name: str, module: Module) -> tuple[str, Module | None]:
    """The module of the project from which a name comes, and what it is called there."""
    origin, real = module.imports.get(name, ("", ""))
    file = SOURCES / f"{origin.replace('.', '/')}.py"
    ours = origin.startswith("conda_preflight") and file.is_file()
    return real, module_of(file) if ours else None


def _call(node: ast.Call, module: Module, depth: int) -> Texts:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        found = texts_of(node.func.value, module, depth)
        return found.union(*(texts_of(each, module, depth) for each in node.args[1:2]))
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        found = texts_of(node.func.value, module, depth)
        return frozenset(text.replace("{}", HOLE) for text in found)
    if not isinstance(node.func, ast.Name):
        return ANY
    if function := module.functions.get(node.func.id):
        return _returned(function, module, depth)
    real, other = _imported(node.func.id, module)
    if not other or real not in other.functions or depth > _DEPTH:
        return ANY
    found = _returned(other.functions[real], other, depth)
    return ANY if any(HOLE in text for text in found) else found


def _returned(function: _Function, module: Module, depth: int) -> Texts:
    values = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
    return frozenset().union(*(texts_of(each, module, depth) for each in values)) or ANY


def _elements(node: ast.Tuple, module: Module, depth: int) -> Texts:
    return frozenset().union(*(texts_of(each, module, depth) for each in node.elts))


def _values(node: ast.Dict, module: Module, depth: int) -> Texts:
    return frozenset().union(*(texts_of(each, module, depth) for each in node.values))


def _items(node: ast.Subscript, module: Module, depth: int) -> Texts:
    return texts_of(node.value, module, depth)


_WAYS: dict[type, Callable[..., Texts]] = {
    ast.Constant: _constant,
    ast.IfExp: _either,
    ast.BoolOp: _either,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.Name: _name,
    ast.Call: _call,
    ast.Dict: _values,
    ast.Tuple: _elements,
    ast.Subscript: _items,
}
