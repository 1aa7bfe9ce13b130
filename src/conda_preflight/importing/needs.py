"""Packages that a library loads by itself for what the code asks of it, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Manifest
from conda_preflight.documents.code import Use
from conda_preflight.errors import Skip
from conda_preflight.facts.dynamic_need import DynamicNeed
from conda_preflight.facts.dynamic_needs import BY_KEY
from conda_preflight.facts.names import PIP_ONLY
from conda_preflight.grammar.asked import asked
from conda_preflight.grammar.conda_version import matches
from conda_preflight.importing.environment import Environment
from conda_preflight.importing.imported import Imported
from conda_preflight.importing.role import is_beside, is_template
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_EXACT = lazy_pattern(r"={0,3}\s*([0-9][0-9.]*)(?:\.\*)?")


def needs(imported: Imported) -> Iterator[Problem]:
    """One problem for each set of packages, at the worst place; raises Skip without manifest."""
    found: dict[tuple[tuple[str, ...], int], tuple[Severity, Use, Environment]] = {}
    judged = False
    for use in imported.code.uses:
        environment = imported.environments.of(use.location.path)
        if environment is None or is_template(use.location.path):
            continue
        judged = True
        weight = _weight(use, BY_KEY[use.need], environment)
        key = (BY_KEY[use.need].projects, id(environment))
        if weight and (key not in found or weight.rank > found[key][0].rank):
            found[key] = (weight, use, environment)
    if not judged and imported.code.uses:
        raise Skip("no environment is declared for the code here")
    for weight, use, environment in found.values():
        yield _problem(weight, use, environment)


def _weight(use: Use, need: DynamicNeed, environment: Environment) -> Severity | None:
    is_there = not environment.present.isdisjoint(need.projects)
    if is_there or use.how in ("typing", "never") or _is_past(need, environment):
        return None
    locked = environment.locked is not None
    if not locked and not environment.asked.isdisjoint(need.bringers):
        return None
    firm = need.firm and (not need.since or bool(_version(need.since[0], environment)))
    if not firm or is_beside(use.location.path) or use.how == "optional":
        return Severity.NOTE
    sure = locked and use.how == "always" and not environment.open_ended
    return Severity.ERROR if sure else Severity.WARNING


def _is_past(need: DynamicNeed, environment: Environment) -> bool:
    """Whether the library is there in a version that does not need it, not yet or no more."""
    for bound, sign in ((need.since, "<"), (need.below, ">=")):
        version = _version(bound[0], environment) if bound else ""
        if bound and version and matches(f"{sign}{bound[1]}", version):
            return True
    return False


def _version(name: str, environment: Environment) -> str:
    """The version that is locked, or that a line asks for exactly."""
    package = (environment.locked or {}).get(name)
    if package is not None:
        return package.version
    lines = [line for m in environment.manifests for line in asked(m, name)]
    exact = [_EXACT.fullmatch(line.constraint) for line in lines]
    return exact[0][1] if len(exact) == 1 and exact[0] else ""


def _problem(weight: Severity, use: Use, environment: Environment) -> Problem:
    need = BY_KEY[use.need]
    first = need.projects[0]
    manifest = environment.manifests[0]
    where = "the lock" if environment.locked is not None else manifest.path
    cell = f" in code cell {use.cell}" if use.cell else ""
    name = PIP_ONLY.get(first, first) if isinstance(manifest, Manifest) else first
    outside = ", or make sure that the machine has it" if need.system else ""
    return Problem(
        first,
        f"`{use.text}`{cell}: {need.why}, and {where} has no `{first}`",
        use.location,
        f"Write `{name}` among the dependencies of {manifest.path}{outside}. See {need.source}",
        weight,
    )
