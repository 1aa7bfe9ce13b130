"""manifest/unpinned-core-package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Project, Requirement, Requirements, Spec
from conda_preflight.facts.core_packages import CORE
from conda_preflight.facts.names import normalized, project_key
from conda_preflight.grammar import conda_version
from conda_preflight.grammar.included import constrained, is_constraints, is_loose
from conda_preflight.grammar.pip_constraint import to_conda
from conda_preflight.grammar.written_line import conda_line, pip_line
from conda_preflight.report import Problem, Severity


@check("manifest/unpinned-core-package", Severity.ERROR)
def unpinned_core_package(
    doc: Manifest | Requirements, project: Project, *, packages: tuple[str, ...] = CORE
) -> Iterator[Problem]:
    """A package that the model depends on has no pinned version.

    Python, the framework and the libraries that load and serve the model decide its results
    and its speed. Pinned is what fixes the first two numbers of the version: `=2.4`, `2.4.*`,
    `==2.4.1`, `~=2.4.0`, `>=2.4.1,<2.5`. Not pinned are no version at all, `>=3.9`, `=3`, `<2`
    and `>=2.0,<3`. An exact version is better still, and a lock is best: with one that holds
    the package this is a warning only, as it is in a fragment, and in a requirements file that
    no manifest of the project includes.

    A package asked for several times, or both from conda and from pip, is pinned when one of
    the lines pins it. The setting `packages` holds the names, of conda and of pip.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python>=3.9
      - pytorch=2.4.1
    ```

    ```yaml environment.yml
    dependencies:
      - python=3
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - transformers>=4.40,<5
    ```

    ```yaml environment.yml
    dependencies:
      - scipy
    ```

    ```toml preflight.toml
    [rules."manifest/unpinned-core-package"]
    packages = ["scipy"]
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch>=2.4.1,<2.5
      - numpy 1.26.*
      - pip
      - pip:
          - transformers~=4.44.0
          - torch
          - vllm @ https://example.org/vllm-0.6.1-cp38-abi3-manylinux1_x86_64.whl
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -c constraints.txt
          - numpy
    ```

    ```text constraints.txt
    numpy==1.26.4
    ```

    ## Fix

    Write the version that was tried: `pytorch=2.4.1`.
    """
    if is_constraints(doc, project):
        raise Skip("a file of constraints asks for nothing by itself")
    pinned_elsewhere = constrained(doc, project)
    for key, asked in _by_project(doc, packages).items():
        if not (_any_error(asked) or _is_pinned(asked, pinned_elsewhere.get(key, ""))):
            yield _problem(doc, asked[0], softened=_is_softened(doc, project, asked))


def _by_project(
    doc: Manifest | Requirements, packages: tuple[str, ...]
) -> dict[str, list[Spec | Requirement]]:
    specs = doc.specs if isinstance(doc, Manifest) else ()
    wanted = {*packages, *(normalized(name) for name in packages)}
    table: dict[str, list[Spec | Requirement]] = {}
    core = {project_key(name) for name in wanted}
    for spec in specs:
        if spec.name in wanted or project_key(spec.name) in core:
            table.setdefault(project_key(spec.name), []).append(spec)
    for req in doc.pip:
        if req.kind in ("name", "invalid") and (req.name in wanted or req.name in core):
            table.setdefault(req.name, []).append(req)
    return table


def _any_error(asked: Sequence[Spec | Requirement]) -> bool:
    """Whether a line cannot be read, which other rules tell."""
    return any(one.error for one in asked)


def _is_pinned(asked: Sequence[Spec | Requirement], elsewhere: str) -> bool:
    always = [_constraint(one) for one in asked if not one.selector]
    whole = ",".join(filter(None, [*always, elsewhere]))
    if whole and conda_version.pinned(whole):
        return True
    if any(conda_version.pinned(text) for text in always if text):
        return True
    sometimes = [_constraint(one) for one in asked if one.selector]
    return bool(sometimes) and not always and all(map(conda_version.pinned, sometimes))


def _constraint(one: Spec | Requirement) -> str:
    if isinstance(one, Requirement):
        return to_conda(one.specifier)
    return (one.version or "").replace(" ", "")


def _is_softened(
    doc: Manifest | Requirements, project: Project, asked: Sequence[Spec | Requirement]
) -> bool:
    if isinstance(doc, Requirements):
        return is_loose(doc, project)
    locks = project.locks_of(doc)
    return doc.partial or (bool(locks) and all(_holds(lock, asked) for lock in locks))


def _holds(lock: Lock, asked: Sequence[Spec | Requirement]) -> bool:
    names = {one.name for one in asked} | {normalized(one.name) for one in asked}
    return any(package.name in names for package in lock.packages)


def _problem(doc: Manifest | Requirements, first: Spec | Requirement, *, softened: bool) -> Problem:
    written = _constraint(first)
    is_pip = isinstance(first, Requirement)
    pin = pip_line(doc, first.name, "1.2.3") if is_pip else conda_line(doc, first.name, "1.2")
    text = f"`{first.name}{written}` leaves" if written else f"`{first.name}` has no version, so"
    rest = " open which minor version is installed" if written else " any may be installed"
    return Problem(
        first.name,
        text + rest,
        first.location,
        f"Write the version that was tried, in the form `{pin}`.",
        Severity.WARNING if softened else None,
    )
