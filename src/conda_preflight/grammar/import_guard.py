"""Whether code goes on without a module: what stands around its import."""

from __future__ import annotations

import ast

from conda_preflight.pattern import lazy_pattern

_CAUGHT = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
_SWITCH = lazy_pattern(
    r"(?i)_*(?:has|have|with|use|using|no|enable|want|need|require|is|can|support|supports)_.*"
    r"|.*(?:available|installed|enabled|version|version_info|platform|find_spec|PY2|PY3|PYPY)_*"
)
_MACHINE = ("sys", "os", "platform")


def guarded_by_try(node: ast.Try | ast.TryStar) -> bool:
    """Whether a handler takes the failure of an import."""
    return any(handler.type is None or _catches(handler.type) for handler in node.handlers)


def guarded_by_with(node: ast.With | ast.AsyncWith) -> bool:
    """Whether it is ``contextlib.suppress(ImportError)`` or a test's ``raises``."""
    return any(
        isinstance(call := item.context_expr, ast.Call)
        and _last(call.func) in ("suppress", "raises", "try_import", "optional_imports")
        and (not call.args or any(_catches(arg) for arg in call.args))
        for item in node.items
    )


def of_condition(test: ast.expr) -> tuple[str, str]:
    """How the body and the else part of an ``if`` are reached: see ``Import.how``."""
    turned = False
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, turned = test.operand, not turned
    yes, no = _plain(test)
    return (no, yes) if turned else (yes, no)


def _plain(test: ast.expr) -> tuple[str, str]:
    if _last(test) == "TYPE_CHECKING":
        return "typing", "always"
    if isinstance(test, ast.Constant):
        return ("always", "never") if test.value else ("never", "always")
    return ("optional", "optional") if _asks(test) else ("always", "always")


def _asks(test: ast.expr) -> bool:
    """Whether a condition asks about the machine, Python's version or a module's presence."""
    return any(
        (isinstance(part, ast.Name | ast.Attribute) and bool(_SWITCH.fullmatch(_last(part)[:100])))
        or (isinstance(part, ast.Attribute) and _last(part.value) in _MACHINE)
        for part in ast.walk(test)
    )


def _catches(node: ast.expr) -> bool:
    named = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(_last(each) in _CAUGHT for each in named)


def _last(node: ast.expr) -> str:
    """``b`` of ``a.b`` and of ``b``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
