"""The texts that rules say, as templates, read from the code and not run.

A template is a text in which ``{0}``, ``{1}`` ... stand for what is put in. What can be one of
several constants is told as several templates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"
_HOLE = "\0"
_HOLES = re.compile("\0+")
_MOST = 24
_DEPTH = 6
_FIELDS = {"message": 1, "fix": 3, "group": 7, "row": 8}
Texts = frozenset[str]
_ANY: Texts = frozenset((_HOLE,))
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def of_rules() -> dict[str, tuple[str, ...]]:
    """The templates of each module with one rule, by rule id, the title not among them."""
    found = {}
    for file in sorted((SOURCES / "conda_preflight" / "checks").rglob("*.py")):
        if file.stem != "__init__":
            family, name = file.parent.name, file.stem.replace("_", "-")
            found[f"{family}/{name}"] = of_module(file)
    return found


def of_others() -> tuple[str, ...]:
    """The templates of problems and of reasons to skip that other modules make for rules."""
    folder = SOURCES / "conda_preflight"
    files = (f for f in sorted(folder.rglob("*.py")) if f.relative_to(folder).parts[0] != "checks")
    return tuple(dict.fromkeys(text for file in files for text in of_module(file)))


def of_module(file: Path) -> tuple[str, ...]:
    """The templates of one module, in their order, each once."""
    if not any(word in file.read_text(encoding="utf-8") for word in ("Problem(", "Skip(")):
        return ()
    module = _module(file)
    texts = (text for node in module.nodes for text in _said(node, module))
    return tuple(dict.fromkeys(numbered(text) for text in texts if is_words(text)))


def numbered(text: str) -> str:
    """The template with its holes counted from 0; what meets is one hole."""
    first, *rest = _HOLES.split(text)
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(rest))


def is_words(text: str) -> bool:
    """Whether there is anything in it to translate: a letter outside holes and quotes."""
    return any(c.isalpha() for part in text.split("`")[::2] for c in part)


class _Module:
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
def _module(file: Path) -> _Module:
    return _Module(file)


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _bind(target, node.value, names)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            _bind(node.target, node.value, names)
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


def _said(node: ast.AST, module: _Module) -> Iterator[str]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    if node.func.id == "Skip" and node.args:
        yield from _texts(node.args[0], module, 0)
    if node.func.id == "Problem":
        for name, place in _FIELDS.items():
            given = [k.value for k in node.keywords if k.arg == name]
            given += node.args[place : place + 1]
            for each in given[:1]:
                yield from sorted(_texts(each, module, 0))


def _texts(node: ast.AST, module: _Module, depth: int) -> Texts:
    """Every text that this may be; a hole where that cannot be told."""
    way = _WAYS.get(type(node))
    if way is None or depth > _DEPTH:
        return _ANY
    found = way(node, module, depth + 1)
    return found if 0 < len(found) <= _MOST else _ANY


def _constant(node: ast.Constant, _: _Module, __: int) -> Texts:
    return frozenset((node.value,)) if isinstance(node.value, str) else _ANY


def _either(node: ast.IfExp | ast.BoolOp, module: _Module, depth: int) -> Texts:
    parts = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
    return frozenset().union(*(_texts(part, module, depth) for part in parts))


def _joined(node: ast.JoinedStr, module: _Module, depth: int) -> Texts:
    return _products([_part(value, module, depth) for value in node.values])


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


def _part(node: ast.expr, module: _Module, depth: int) -> Texts:
    if not isinstance(node, ast.FormattedValue):
        return _texts(node, module, depth)
    plain = node.conversion == -1 and node.format_spec is None
    found = _texts(node.value, module, depth) if plain else _ANY
    if found in _PLURALS:
        return frozenset((f"{{{'|'.join(sorted(found))}}}",))
    return _ANY if _HOLE in found else found


def _products(parts: list[Texts]) -> Texts:
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        parts = [p if len(p) == 1 or size <= _MOST else _ANY for p in parts]
    return frozenset("".join(each) for each in product(*parts))


def _operation(node: ast.BinOp, module: _Module, depth: int) -> Texts:
    left = _part(node.left, module, depth)
    if isinstance(node.op, ast.Mult):
        constant = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        return left | {""} if constant else _ANY
    if not isinstance(node.op, ast.Add):
        return _ANY
    return _products([left, _part(node.right, module, depth)])


def _name(node: ast.Name, module: _Module, depth: int) -> Texts:
    owner = module.owners.get(id(node))
    if owner:
        local = _assigned(ast.walk(owner)).get(node.id)
        if local:
            return frozenset().union(*(_texts(each, module, depth) for each in local))
        arguments = [a.arg for a in (*owner.args.args, *owner.args.kwonlyargs)]
        if node.id in arguments:
            return _given(owner, node.id, module, depth)
    if values := module.constants.get(node.id):
        return frozenset().union(*(_texts(each, module, depth) for each in values))
    real, other = _imported(node.id, module)
    return _name(ast.Name(real), other, depth) if other and depth <= _DEPTH else _ANY


def _given(owner: _Function, name: str, module: _Module, depth: int) -> Texts:
    """What the calls of a function in its module give for a parameter."""
    names = [a.arg for a in owner.args.args]
    place = names.index(name) if name in names else len(names)
    found: list[Texts] = []
    for call in module.calls.get(owner.name, ()):
        if any(isinstance(a, ast.Starred) for a in call.args):
            return _ANY
        given = [k.value for k in call.keywords if k.arg == name]
        given += call.args[place : place + 1] if name in names else []
        found += [_texts(each, module, depth) for each in given[:1]]
    return frozenset().union(*found) if found else _ANY


def _imported(name: str, module: _Module) -> tuple[str, _Module | None]:
    """The module of the project from which a name comes, and what it is called there."""
    origin, real = module.imports.get(name, ("", ""))
    file = SOURCES / f"{origin.replace('.', '/')}.py"
    ours = origin.startswith("conda_preflight") and file.is_file()
    return real, _module(file) if ours else None


def _call(node: ast.Call, module: _Module, depth: int) -> Texts:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        found = _texts(node.func.value, module, depth)
        return found.union(*(_texts(each, module, depth) for each in node.args[1:2]))
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        found = _texts(node.func.value, module, depth)
        return frozenset(text.replace("{}", _HOLE) for text in found)
    if not isinstance(node.func, ast.Name):
        return _ANY
    if function := module.functions.get(node.func.id):
        return _returned(function, module, depth)
    real, other = _imported(node.func.id, module)
    if not other or real not in other.functions or depth > _DEPTH:
        return _ANY
    found = _returned(other.functions[real], other, depth)
    return _ANY if any(_HOLE in text for text in found) else found


def _returned(function: _Function, module: _Module, depth: int) -> Texts:
    values = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
    return frozenset().union(*(_texts(each, module, depth) for each in values)) or _ANY


def _values(node: ast.Dict, module: _Module, depth: int) -> Texts:
    return frozenset().union(*(_texts(each, module, depth) for each in node.values))


def _items(node: ast.Subscript, module: _Module, depth: int) -> Texts:
    return _texts(node.value, module, depth)


_WAYS: dict[type, Callable[..., Texts]] = {
    ast.Constant: _constant,
    ast.IfExp: _either,
    ast.BoolOp: _either,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.Name: _name,
    ast.Call: _call,
    ast.Dict: _values,
    ast.Subscript: _items,
}
