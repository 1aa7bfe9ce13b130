"""image/unresolved-dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.installs import install_of
from conda_preflight.report import Problem, Severity


@check("image/unresolved-dependencies", Severity.NOTE)
def unresolved_dependencies(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A package is installed without what it needs.

    `pip install --no-deps` is right for packages of a complete lock, and hides a missing
    dependency everywhere else: the import fails in production.

    ## Fails

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install --no-cache-dir --no-deps transformers==4.44.0
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.txt
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install --no-cache-dir --no-deps .
    ```

    ## Fix

    Put the package into the lock, with what it needs.
    """
    for command in dockerfile.commands:
        install = install_of(command)
        if install is None or install.action != "install" or install.files:
            continue
        names = [name for name in install.names if not name.startswith((".", "/", "-"))]
        if names and any(flag in install.flags for flag in ("--no-deps", "--no-dependencies")):
            yield Problem(
                about=names[0],
                message=f"{names[0]} is installed without its dependencies, which nobody checks",
                location=command.location,
                fix="Put it into the lock with what it needs.",
            )
