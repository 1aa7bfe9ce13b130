"""freeze/changed-after-freeze."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place
from conda_preflight.check import Skip, check
from conda_preflight.documents import Prefix, Project
from conda_preflight.freezing.freezes import Freezes
from conda_preflight.freezing.since import AGAIN
from conda_preflight.grammar.production import PRODUCTION, in_image, place_of
from conda_preflight.report import Problem, Severity


@check("freeze/changed-after-freeze", Severity.WARNING)
def changed_after_freeze(
    prefix: Prefix, project: Project, freezes: Freezes, *, production: tuple[str, ...] = ("prod",)
) -> Iterator[Problem]:
    """The environment is not what it was when it was frozen.

    `conda-preflight freeze` records every file with its size and time. Something is new, gone or
    other since, or has its write bits back: root, or an owner who meant to. Also a freeze that was
    ended in the middle looks like that. It is an error where the name ends in a purpose of
    `production`. Compiled code, which Python writes by itself, is left out.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["share/greet.txt"]}
    ```

    ```json conda-meta/preflight-freeze
    {"schema": "conda-preflight/freeze/1", "for": "shared", "message": "", "marks": [], "times": {},
     "shared": 0, "paths": {"conda-meta": [0, 0, 0, ""], "share": [0, 0, 0, ""],
     "conda-meta/greet-1.0-0.json": [0, 79, 1, ""], "share/greet.txt": [0, 6, 1, ""]}}
    ```

    ```text share/greet.txt
    hello, world
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["share/greet.txt"]}
    ```

    ```json conda-meta/preflight-freeze
    {"schema": "conda-preflight/freeze/1", "for": "shared", "message": "", "marks": [], "times": {},
     "shared": 0, "paths": {"conda-meta": [0, 0, 0, ""], "share": [0, 0, 0, ""],
     "conda-meta/greet-1.0-0.json": [0, 80, 1, ""], "share/greet.txt": [0, 6, 1, ""]}}
    ```

    ```text share/greet.txt
    hello
    ```

    ## Fix

    Find out who did it and make the environment from its lock. What was meant is frozen anew:
    `conda-preflight unfreeze PREFIX`, then `conda-preflight freeze PREFIX`.
    """
    freeze = freezes.of(prefix)
    if not (freeze.kind or freeze.fault):
        raise Skip("the environment was not frozen by conda-preflight")
    bits_count = not in_image(project)
    changed = [each for each in freeze.changed if bits_count or each[1] != AGAIN]
    if not (changed or freeze.fault):
        return
    is_production = place_of(prefix, project, production) == PRODUCTION
    several = f"{len(changed):,} paths are" if len(changed) > 1 else "One path is"
    few_paths = few([f"{path} ({how})" for path, how in changed]) if changed else ""
    yield Problem(
        "record",
        freeze.fault or f"{several} not as at the freeze: {few_paths}",
        place(prefix.path, changed[0][0] if changed else "conda-meta/preflight-freeze"),
        "Find out who did it, and make the environment from its lock.",
        Severity.ERROR if is_production else None,
    )
