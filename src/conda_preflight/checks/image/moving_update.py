"""image/moving-update."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Command, Dockerfile
from conda_preflight.grammar.shell_wrapper import program_name
from conda_preflight.report import Problem, Severity


@check("image/moving-update", Severity.WARNING)
def moving_update(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A command updates to whatever is newest on the day of the build.

    `conda update`, `apt-get upgrade` and `pip install --upgrade` without a version make two builds
    of one Dockerfile differ, after the environment was locked.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda update -n base conda -y
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN apt-get update && apt-get upgrade -y
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN apt-get update && apt-get install -y --no-install-recommends tini
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda create -n x --file /tmp/conda-linux-64.lock
    ```

    ## Fix

    Take a newer base, by its digest, instead of updating an old one.
    """
    for command in dockerfile.commands:
        if updated := _updates(command):
            yield Problem(
                about=updated,
                message=f"`{updated}` takes whatever is newest when the image is built",
                location=command.location,
                fix="Take a newer base by its digest, and packages from the lock.",
            )


def _updates(command: Command) -> str:
    """The command in short, where it moves what was fixed."""
    words = [word for word in command.words if not word.startswith("-")]
    name = program_name(words[0]) if words else ""
    verb = words[1] if len(words) > 1 else ""
    if name in ("apt-get", "apt") and verb in ("upgrade", "dist-upgrade", "full-upgrade"):
        return f"{name} {verb}"
    if name in ("conda", "mamba") and verb in ("update", "upgrade"):
        is_file = any(w.startswith(("-f", "--file")) for w in command.words) or verb == "env"
        return "" if is_file else f"{name} {verb}"
    return ""
