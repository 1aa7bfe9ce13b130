"""manifest/local-requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_ABSOLUTE = lazy_pattern(r"file:|[/\\~]|[A-Za-z]:[/\\]", re.IGNORECASE)


@check("manifest/local-requirement", Severity.WARNING)
def local_requirement(doc: Manifest | Requirements) -> Iterator[Problem]:
    """Pip installs from a directory or a file of this machine.

    The environment can then be made only beside this checkout, and its version is whatever
    lies there: a lock cannot hold it, and an image needs the whole project to build. An
    absolute path, or one in a home directory, exists on no other machine (error).

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -e .
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - /home/me/wheels/ourmodel-1.0-py3-none-any.whl
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - ourmodel==1.0
    ```

    ## Fix

    Build a wheel, put it on an index, and pin its version. Install the project itself in a
    step of its own, with `pip install --no-deps .`.
    """
    for req in doc.pip:
        if req.error or not _is_local(req):
            continue
        relative = not _ABSOLUTE.match(req.url)
        where = "this checkout" if relative else "a place of this machine"
        yield Problem(
            req.url,
            f"`{_short(req.url)}` is installed from {where}, so no lock can hold its version",
            req.location,
            "Install it in a step of its own with `pip install --no-deps`, or pin a wheel of it.",
            None if relative else Severity.ERROR,
        )


def _is_local(req: Requirement) -> bool:
    return req.kind == "path" or (req.kind == "url" and req.url.lower().startswith("file:"))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  (one line)
