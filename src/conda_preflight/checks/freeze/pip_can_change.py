"""freeze/pip-can-change."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few
from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Prefix, Project
from conda_preflight.freezing.freezes import Freezes
from conda_preflight.grammar.production import IMAGE, PRODUCTION, place_of
from conda_preflight.report import Problem, Severity

_WEIGHTS = {PRODUCTION: Severity.ERROR, IMAGE: Severity.WARNING}


@check("freeze/pip-can-change", Severity.NOTE)
def pip_can_change(
    prefix: Prefix, project: Project, freezes: Freezes, *, production: tuple[str, ...] = ("prod",)
) -> Iterator[Problem]:
    """The environment can be changed by pip and uv, since it is not marked as managed.

    `pip install` in a notebook puts a project in the place of the one that conda installed, and
    conda's records go on naming the old one. Where `EXTERNALLY-MANAGED` (PEP 668) lies in the
    folder of Python's own library, pip and uv refuse, and show the message in it.

    While an environment is developed that is as it should be, so it is a note. In production it is
    an error: the name of the folder or of the manifest ends in a purpose of `production`, as in
    `chatbot_infer_prod`. In an image it is a warning.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["lib/python3.11/os.py"]}
    ```

    ```python lib/python3.11/os.py
    sep = "/"
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["lib/python3.11/os.py"]}
    ```

    ```python lib/python3.11/os.py
    sep = "/"
    ```

    ```ini lib/python3.11/EXTERNALLY-MANAGED
    [externally-managed]
    Error=Change the lock and make it anew.
    ```

    ## Fix

    `conda-preflight freeze PREFIX`.
    """
    freeze = freezes.of(prefix)
    if not freeze.libraries:
        raise Skip("the environment has no Python")
    if freeze.unmanaged:
        where = place_of(prefix, project, production)
        yield Problem(
            "EXTERNALLY-MANAGED",
            f"pip and uv can change the environment: {few(freeze.unmanaged)} has no "
            "EXTERNALLY-MANAGED",
            Location(prefix.path),
            f"conda-preflight freeze {prefix.path}",
            _WEIGHTS.get(where),
        )
