"""Modules that Python, or a package, does not have in the version that is locked or installed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from conda_preflight.documents.code import Import, Modules
from conda_preflight.errors import Skip
from conda_preflight.facts import stdlib_modules
from conda_preflight.facts.not_imported import DYNAMIC
from conda_preflight.importing.environment import Environment
from conda_preflight.importing.imported import Imported
from conda_preflight.importing.role import is_beside
from conda_preflight.report import Problem, Severity


def missing(imported: Imported, modules: Modules | None) -> Iterator[Problem]:
    """One problem for each module, at its first place; raises Skip where nothing is known."""
    told: set[tuple[str, int]] = set()
    judged = modules is not None
    for each, environment in imported.run():
        judged = judged or environment.minor is not None
        if imported.is_local(each):
            continue
        name, what = _of_python(each, environment), ""
        if not name and modules is not None:
            name, what = _of_package(each, modules)
        if name and (name, id(environment)) not in told:
            told.add((name, id(environment)))
            yield _problem(each, environment, name, what)
    if not judged:
        raise Skip("neither the version of Python nor an installed environment is known")


def _of_python(each: Import, environment: Environment) -> str:
    """The module of the standard library that this Python lacks and nothing brings."""
    top, minor = each.top, environment.minor
    if minor is None or top not in stdlib_modules.EVER or stdlib_modules.has(top, minor):
        return ""
    brought = environment.present.intersection(stdlib_modules.INSTEAD.get(top, ()))
    return "" if brought else top


def _of_package(each: Import, modules: Modules) -> tuple[str, str]:
    """The module whose package is there without it, and the project that owns the package."""
    parts = each.module.split(".")
    names = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    if DYNAMIC.intersection(names) or modules.unknown:
        return "", ""
    for package, name in pairwise(names):
        if package in modules.packages and name not in modules.owners:
            deeper = any(known.startswith(f"{name}.") for known in modules.owners)
            return ("", "") if deeper else (name, modules.owners[package][0])
    return "", ""


def _problem(each: Import, environment: Environment, name: str, owner: str) -> Problem:
    slight = each.how == "lazy" or is_beside(each.location.path)
    if owner:
        package = (environment.locked or {}).get(owner)
        version = f" {package.version}" if package else ""
        message = (
            f"`{name}` is imported here, and the installed `{owner}`{version} does not have it"
        )
        fix = f"Import what took its place, or ask for a version of `{owner}` that has it."
    else:
        message, fix = _python(name, environment.minor or 0)
    return Problem(
        name, message, each.location, fix, Severity.WARNING if slight else Severity.ERROR
    )


def _python(name: str, minor: int) -> tuple[str, str]:
    instead = " or ".join(f"`{each}`" for each in stdlib_modules.INSTEAD.get(name, ()))
    fix = f"Ask for {instead}, which brings it, or import" if instead else "Import"
    if name in stdlib_modules.ADDED:
        since = stdlib_modules.ADDED[name]
        what = f"`{name}` is imported here, and Python 3.{minor} does not have it before 3.{since}"
        return what, f"{fix} something else, or ask for python>=3.{since}."
    gone = stdlib_modules.REMOVED[name]
    what = (
        f"`{name}` is imported here, and Python 3.{minor} no longer has it: it went with 3.{gone}"
    )
    return what, f"{fix} what took its place, or ask for python<3.{gone}."
