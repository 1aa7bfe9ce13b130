"""What keeps the code easy to find and to read: names, sizes and docstrings."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import conda_preflight
from conda_preflight.catalog import checks
from conda_preflight.check import Check
from conda_preflight.declaration import declared, in_module
from conda_preflight.families import FAMILIES
from conda_preflight.pattern import lazy_pattern

ROOT = Path(conda_preflight.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
CHECKS = [path for path in MODULES if path.parent.parent == ROOT / "checks"]
CHECK_MODULES = [path for path in CHECKS if path.name != "__init__.py"]
WITH_PATTERNS = [path for path in MODULES if "lazy_pattern" in path.read_text(encoding="utf-8")]
MAX_LINES = 300
MAX_STATEMENTS = 30
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}
RULE_ID = re.compile(r"[a-z0-9]+/[a-z0-9]+(-[a-z0-9]+)*")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

modules = pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, FUNCTION))


def statements(function: ast.AST) -> int:
    """Statements of a function without its docstring and without those of inner functions."""
    count, todo = 0, list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            count += not is_docstring
        if not isinstance(node, FUNCTION):
            todo.extend(ast.iter_child_nodes(node))
    return count


def public(node: ast.Module | ast.ClassDef, outer: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Public functions and classes of a module, and the public methods of such classes."""
    for item in node.body:
        if isinstance(item, FUNCTION | ast.ClassDef) and not item.name.startswith("_"):
            yield f"{outer}{item.name}", item
            if isinstance(item, ast.ClassDef):
                yield from public(item, f"{item.name}.")


def test_there_is_something_to_look_at():
    assert len(MODULES) > 100
    assert len(CHECK_MODULES) > 50


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.rule.id)
def test_a_check_is_named_as_its_id(check):
    assert RULE_ID.fullmatch(check.rule.id)
    if check.rule.origin == "conda-preflight":
        family, _, name = check.rule.id.partition("/")
        module = name.replace("-", "_")
        assert check.function.__module__ == f"conda_preflight.checks.{family}.{module}"
        assert check.function.__name__ == module
        assert family in {known.name for known in FAMILIES}


@pytest.mark.parametrize(
    "path", CHECK_MODULES, ids=lambda p: p.relative_to(ROOT / "checks").as_posix()
)
def test_a_module_of_checks_holds_one(path):
    rule = f"{path.parent.name}/{path.stem.replace('_', '-')}"
    module = f"conda_preflight.checks.{path.parent.name}.{path.stem}"
    assert [c.rule.id for c in checks() if c.function.__module__ == module] == [rule]
    assert (ast.get_docstring(tree(path)) or "").rstrip(".") == rule


@modules
def test_a_module_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@modules
def test_a_module_says_what_it_is(path):
    assert path.stem not in FORBIDDEN_NAMES
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree(path))


@modules
def test_annotations_are_never_run(path):
    body = tree(path).body
    if any(isinstance(node, FUNCTION | ast.ClassDef) for node in body):
        assert "from __future__ import annotations" in path.read_text(encoding="utf-8")


@modules
def test_functions_are_short(path):
    sizes = {function.name: statements(function) for function in functions(path)}
    assert not {name: size for name, size in sizes.items() if size > MAX_STATEMENTS}


@modules
def test_what_is_public_has_a_docstring(path):
    nodes = [(name, node) for name, node in public(tree(path)) if not _is_overload(node)]
    assert not [name for name, node in nodes if not ast.get_docstring(node)]


def _is_overload(node: ast.AST) -> bool:
    marks = getattr(node, "decorator_list", ())
    return any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in marks)


@pytest.mark.parametrize("path", WITH_PATTERNS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_expression_compiles_though_none_does_at_import(path):
    dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    module = importlib.import_module(f"conda_preflight.{dotted}".removesuffix(".__init__"))
    lazy = [each for each in vars(module).values() if type(each) is type(lazy_pattern(""))]
    assert [re.compile(*each._made_from).pattern for each in lazy] == [p.pattern for p in lazy]


@pytest.mark.parametrize(
    "path", CHECK_MODULES, ids=lambda p: p.relative_to(ROOT / "checks").as_posix()
)
def test_a_check_is_declared_so_that_it_need_not_be_imported(path):
    module = f"conda_preflight.checks.{path.parent.name}.{path.stem}"
    (unloaded,), (loaded,) = declared(module, str(path)), in_module(module)
    assert not isinstance(unloaded, Check), "the decorator or the signature cannot be read"
    assert unloaded.rule.examines == loaded.rule.examines
    assert unloaded.rule.needs == loaded.rule.needs
    assert unloaded.function is loaded.function
