"""What a syntax tree imports and uses, and whether that is reached when the file runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from conda_preflight.documents import Location
from conda_preflight.documents.code import Import, Use
from conda_preflight.grammar.import_guard import guarded_by_try, guarded_by_with, of_condition
from conda_preflight.grammar.library_use import WORDS, uses_of_call, uses_of_import
from conda_preflight.pattern import lazy_pattern

_RANKS = ("always", "lazy", "optional", "typing", "never")
_BY_NAME = ("importlib.import_module", "__import__", "pytest.importorskip")
_WORD = lazy_pattern(r"\w+")
_DOTTED = lazy_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MAX_NAME = 300

Place = Callable[[int, int], Location]


class Scan:
    """Takes the trees of one file, one after the other, as the cells of a notebook are."""

    def __init__(self) -> None:
        self._aliases: dict[str, str] = {}
        self._tops: set[str] = set()
        self._found: list[tuple[str, Import | Use]] = []
        self._functions: set[str] = set()
        self._calls: dict[str, set[str]] = {}
        self._pending: list[tuple[ast.Call, str, str, Place, int]] = []
        self._place: Place = lambda line, column: Location("", line, column)
        self._cell = 0

    def take(self, tree: ast.Module, text: str, place: Place, cell: int = 0) -> None:
        """Look at one tree; ``place`` gives a Location for a line and a column of the text."""
        self._place, self._cell = place, cell
        words = _WORD.findall(text)
        deep = "__main__" in text or not WORDS.isdisjoint(words)
        self._functions |= {n.name for n in tree.body if isinstance(n, _FUNCTION[:2])}
        todo: list[tuple[ast.AST, str, str]] = [(n, "always", "") for n in reversed(tree.body)]
        while todo:
            node, how, scope = todo.pop()
            self._look(node, how, scope)
            todo.extend(
                (child, max(how, under, key=_RANKS.index), scope or inner)
                for child, under, inner in _children(node)
                if deep or not isinstance(child, ast.expr)
            )

    def found(self) -> Iterator[Import | Use]:
        """The imports, then the uses; what a function does that is called counts as run."""
        for call, how, scope, place, cell in self._pending:
            self._place, self._cell = place, cell
            self._uses(call, how, scope)
        run = self._reached()
        for scope, each in self._found:
            yield replace(each, how="always") if each.how == "lazy" and scope in run else each

    def _reached(self) -> set[str]:
        seen: set[str] = set()
        todo = [""]
        while todo:
            for name in self._calls.get(todo.pop(), set()) & self._functions - seen:
                seen.add(name)
                todo.append(name)
        return seen

    def _look(self, node: ast.AST, how: str, scope: str) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                self._aliases[bound] = alias.name if alias.asname else bound
                self._import(node, alias.name, "", how, scope)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                name = "" if alias.name == "*" else alias.name
                self._aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                self._import(node, node.module, name, how, scope)
        elif isinstance(node, ast.Call):
            self._call(node, how, scope)

    def _import(self, node: ast.AST, module: str, name: str, how: str, scope: str) -> None:
        at = self._at(node)
        self._tops.add(module.partition(".")[0])
        self._found.append((scope, Import(module[:MAX_NAME], at, name[:MAX_NAME], how, self._cell)))
        for key in uses_of_import(module, name):
            self._found.append(
                (scope, Use(key, f"{module}.{name}".rstrip("."), at, how, self._cell))
            )

    def _call(self, node: ast.Call, how: str, scope: str) -> None:
        name = self._name(node.func)
        if isinstance(node.func, ast.Name):
            self._calls.setdefault(scope, set()).add(node.func.id)
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        handed = {each.id for each in given if isinstance(each, ast.Name)}
        self._calls.setdefault(scope, set()).update(handed)
        if name in _BY_NAME:
            self._named(node, how if name != _BY_NAME[2] else "optional", scope)
        elif isinstance(node.func, ast.Attribute) or name:
            self._pending.append((node, how, scope, self._place, self._cell))

    def _named(self, node: ast.Call, how: str, scope: str) -> None:
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            module = first.value[:MAX_NAME]
            if _DOTTED.fullmatch(module):
                self._import(node, module, "", how, scope)

    def _uses(self, node: ast.Call, how: str, scope: str) -> None:
        for key, text in uses_of_call(node, self._name(node.func), self._tops):
            self._found.append((scope, Use(key, text, self._at(node), how, self._cell)))

    def _name(self, node: ast.expr) -> str:
        """``pandas.read_parquet`` for ``pd.read_parquet``; empty for what is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute) and len(parts) < 10:  # noqa: PLR2004  (deep enough)
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join((self._aliases.get(node.id, node.id), *reversed(parts)))

    def _at(self, node: ast.AST) -> Location:
        return self._place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Each part of a node, how it is reached at best, and the function that it is the body of."""
    if isinstance(node, _FUNCTION):
        name = getattr(node, "name", "")
        body = node.body if isinstance(node.body, list) else [node.body]
        outside = (*getattr(node, "decorator_list", ()), node.args)
        yield from ((child, "always", "") for child in outside)
        yield from ((child, "lazy", name) for child in body)
    elif isinstance(node, ast.ClassDef):
        yield from ((child, "always", "") for child in (*node.decorator_list, *node.bases))
        yield from ((child, "always", f"class {node.name}") for child in node.body)
    elif isinstance(node, ast.If):
        yes, no = of_condition(node.test)
        yield node.test, "always", ""
        yield from _all(node.body, yes)
        yield from _all(node.orelse, no)
    elif isinstance(node, ast.Try | ast.TryStar):
        how = "optional" if guarded_by_try(node) else "always"
        yield from _all((*node.body, *node.handlers, *node.orelse), how)
        yield from _all(node.finalbody, "always")
    elif isinstance(node, ast.With | ast.AsyncWith):
        how = "optional" if guarded_by_with(node) else "always"
        yield from _all(node.items, "always")
        yield from _all(node.body, how)
    else:
        yield from _all(ast.iter_child_nodes(node), "always")


def _all(nodes: Iterable[ast.AST], how: str) -> Iterator[tuple[ast.AST, str, str]]:
    return ((node, how, "") for node in nodes)
