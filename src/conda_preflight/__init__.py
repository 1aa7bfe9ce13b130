"""The pre-flight checklist for conda environments that carry large models."""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False  # importing typing costs 10 ms, which `--version` does not have
if TYPE_CHECKING:
    from conda_preflight.check import Check, Skip, check
    from conda_preflight.errors import PreflightError
    from conda_preflight.library import audit
    from conda_preflight.report import Finding, Problem, Report, Severity, Verdict
    from conda_preflight.schema import to_json

__version__ = "0.1.0"

__all__ = [
    "Check",
    "Finding",
    "PreflightError",
    "Problem",
    "Report",
    "Severity",
    "Skip",
    "Verdict",
    "__version__",
    "audit",
    "check",
    "to_json",
]

_HOMES = {
    "audit": "library",
    "check": "check",
    "Check": "check",
    "Skip": "errors",
    "PreflightError": "errors",
    "to_json": "schema",
    **dict.fromkeys(("Finding", "Problem", "Report", "Severity", "Verdict"), "report"),
}
"""Where each public name is defined; it is imported when somebody asks for it."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


class _Package(ModuleType):
    """Keeps ``audit`` and ``check`` functions here, though modules are called so too.

    An import of such a module would put it in the place of the function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
