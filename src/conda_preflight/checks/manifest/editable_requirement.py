"""manifest/editable-requirement."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.report import Problem, Severity


@check("manifest/editable-requirement", Severity.WARNING)
def editable_requirement(doc: Manifest | Requirements) -> Iterator[Problem]:
    """A requirement is installed editable, as a link to sources that can change.

    The environment runs whatever those sources hold at that moment. A repository is cloned
    into the folder `src` of the place where pip ran and must stay there. This is for work on
    the code, not for production; with a local path it is only noted, since
    `manifest/local-requirement` says the rest. pip refuses `-e` before an archive (error).

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -e git+https://github.com/CompVis/taming-transformers.git#egg=taming-transformers
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - --editable=./module
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -e https://example.org/tool/tarball/master
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - git+https://github.com/CompVis/taming-transformers.git
    ```

    ## Fix

    Delete `-e`.
    """
    for req in doc.pip:
        if req.editable and not req.error:
            yield _refused(req) if req.kind == "url" and _is_remote(req.url) else _linked(req)


def _is_remote(url: str) -> bool:
    return not url.lower().startswith("file:")


def _refused(req: Requirement) -> Problem:
    return Problem(
        req.name or req.url,
        f"pip refuses `-e` before `{req.url[:120]}`, which is no repository and no directory",
        req.location,
        "Delete `-e`, or write the URL of the repository: `git+https://...@<commit>`.",
        Severity.ERROR,
    )


def _linked(req: Requirement) -> Problem:
    name = req.name or req.url
    return Problem(
        name,
        f"`{name[:120]}` is installed editable, so the environment runs whatever its sources hold",
        req.location,
        "Delete `-e`, so that what is installed stays as it was.",
        Severity.NOTE if req.kind == "path" else None,
    )
