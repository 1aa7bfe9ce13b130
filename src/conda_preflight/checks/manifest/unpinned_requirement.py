"""manifest/unpinned-requirement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Project, Requirement, Requirements
from conda_preflight.grammar.included import constrained, is_constraints
from conda_preflight.grammar.requirement import pinned
from conda_preflight.grammar.written_line import pip_line
from conda_preflight.report import Problem, Severity

_SHOWN = 5


@check("manifest/unpinned-requirement", Severity.WARNING)
def unpinned_requirement(doc: Manifest | Requirements, project: Project) -> Iterator[Problem]:
    """Requirements for pip do not name one exact version.

    pip takes the newest release of the day and knows nothing of what conda's solver chose, so
    a new release can break an environment that nobody touched. Only `==1.2.3` is exact; a
    range such as `>=1.2` or `~=1.2` is weaker, and noted where there is nothing worse. With a
    lock that holds them all, this is a note too.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - einops
          - wandb>=0.17
    ```

    ```text requirements.txt
    einops~=0.8
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - einops==0.8.0
    ```

    ## Fix

    Write `==` and the version that `pip freeze` shows where it works.
    """
    if is_constraints(doc, project):
        raise Skip("a file of constraints asks for nothing by itself")
    elsewhere = constrained(doc, project)
    loose = [
        req
        for req in doc.pip
        if req.kind == "name" and not req.error and not pinned(req) and req.name not in elsewhere
    ]
    if loose:
        yield _problem(doc, loose, locked=_is_locked(doc, project, loose))


def _is_locked(
    doc: Manifest | Requirements, project: Project, loose: Sequence[Requirement]
) -> bool:
    locks = project.locks_of(doc) if isinstance(doc, Manifest) else ()
    held = {package.name for lock in locks for package in lock.packages}
    return all(req.name in held for req in loose)


def _problem(
    doc: Manifest | Requirements, loose: Sequence[Requirement], *, locked: bool
) -> Problem:
    bare = [req for req in loose if not req.specifier]
    ordered = [*bare, *(req for req in loose if req.specifier)]
    names = list(dict.fromkeys(req.name for req in ordered))
    shown = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
    many = f"{len(names)} requirements name" if len(names) > 1 else "One requirement names"
    return Problem(
        "pip requirements",
        f"{many} no exact version for pip: {shown}",
        ordered[0].location,
        f"Write `{pip_line(doc, names[0], '1.2.3')}`, with the version that was tried, and so on.",
        None if bare and not locked else Severity.NOTE,
    )
