"""manifest/duplicate-requirement."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.grammar.pip_constraint import contradicts, to_conda
from conda_preflight.report import Problem, Severity


@check("manifest/duplicate-requirement", Severity.WARNING)
def duplicate_requirement(doc: Manifest | Requirements) -> Iterator[Problem]:
    """Pip is asked for the same project twice.

    Somebody will change one line and believe the other. Where no version satisfies both, pip
    gives up and installs nothing of the whole section (error). Names are compared as pip
    does, so that `ruamel_yaml` and `ruamel.yaml` are the same. Lines with different
    environment markers or different extras are not counted.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - einops==0.8.0
          - einops
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - huggingface_hub==0.24.0
          - huggingface-hub==0.25.0
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - ray==2.35.0
          - ray[serve]==2.35.0
          - "numpy==1.26.4; python_version < '3.12'"
          - "numpy==2.0.2; python_version >= '3.12'"
    ```

    ## Fix

    Keep one line.
    """
    first: dict[tuple[str, ...], Requirement] = {}
    for req in doc.pip:
        if not req.name or req.error:
            continue
        key = (req.name, ",".join(sorted(req.extras)), req.marker, req.selector or "")
        before = first.setdefault(key, req)
        if before is not req:
            yield _problem(before, req)


def _problem(before: Requirement, req: Requirement) -> Problem:
    clash = _clashes(before, req)
    line = before.location.line
    why = ", and no version satisfies both" if clash else ""
    return Problem(
        req.name,
        f"`{req.name}` is asked for here and on line {line}{why}",
        req.location,
        "Keep one of the two lines.",
        Severity.ERROR if clash else None,
    )


def _clashes(one: Requirement, other: Requirement) -> bool:
    """Whether pip cannot satisfy both; two different URLs clash as well."""
    if one.kind != "name" or other.kind != "name":
        return one.kind == other.kind != "path" and one.url != other.url
    if not (one.specifier and other.specifier):
        return False
    return contradicts(to_conda(one.specifier), to_conda(other.specifier))
