"""imports/unread-source."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/unread-source", Severity.NOTE)
def unread_source(project: Project, sources: Sources) -> Iterator[Problem]:  # noqa: ARG001
    """A Python file or a cell of a notebook could not be read, so its imports are not known.

    It is written for another version of Python (Python 2, or a newer one than this program
    runs on), in an encoding that its first lines do not name, too large, or no Python at all.
    The rest of the project is judged without it.

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11]
    ```

    ```python train.py
    print "loss", 1
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11]
    ```

    ```python train.py
    print("loss", 1)
    ```

    ## Fix

    Write it for Python 3 in UTF-8, or leave it out with `exclude` in the settings.
    """
    code = sources.code
    for unread in code.unread:
        about = f"{unread.path}: {unread.message}" if unread.message.startswith("Cell") else ""
        yield Problem(
            about or unread.path,
            f"The imports here are not known, of {code.read} Python files that were looked at. "
            f"{unread.message}",
            unread.location,
            unread.hint,
        )
