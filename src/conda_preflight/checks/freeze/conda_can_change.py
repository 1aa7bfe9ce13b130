"""freeze/conda-can-change."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Prefix, Project
from conda_preflight.grammar.production import IMAGE, PRODUCTION, place_of
from conda_preflight.report import Problem, Severity

_WEIGHTS = {PRODUCTION: Severity.ERROR, IMAGE: Severity.WARNING}


@check("freeze/conda-can-change", Severity.NOTE)
def conda_can_change(
    prefix: Prefix, project: Project, *, production: tuple[str, ...] = ("prod",)
) -> Iterator[Problem]:
    """The environment can be changed by conda, since it is not marked as frozen.

    Without `conda-meta/frozen` (CEP 22) `conda install` in the wrong terminal replaces what was
    tested, and nobody is told. conda refuses where the file is there, and shows the message in it.

    While an environment is developed that is as it should be, so it is a note. In production it is
    an error: the name of the folder or of the manifest ends in a purpose of `production`, as in
    `chatbot_infer_prod`. In an image, which is built to be run, it is a warning. An empty
    `production` leaves it at that; `--fail-on note` makes it count everywhere.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": []}
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - greet
    ```

    ```json prefix/conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": []}
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": []}
    ```

    ```json conda-meta/frozen
    {"message": "Change the lock and make it anew."}
    ```

    ## Fix

    `conda-preflight freeze PREFIX`.
    """
    if not prefix.frozen:
        where = place_of(prefix, project, production)
        yield Problem(
            "conda-meta/frozen",
            "conda can change the environment: it has no conda-meta/frozen",
            Location(prefix.path),
            f"conda-preflight freeze {prefix.path}",
            _WEIGHTS.get(where),
        )
