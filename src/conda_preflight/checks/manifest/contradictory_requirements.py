"""manifest/contradictory-requirements."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Requirement, Spec
from conda_preflight.grammar.included import followed
from conda_preflight.grammar.pip_constraint import contradicts, to_conda
from conda_preflight.grammar.pip_half import is_conditional, shared
from conda_preflight.report import Problem, Severity

_OTHER_NUMBERS = ("opencv", "antlr")
"""Projects whose wheels are numbered otherwise than their conda packages."""


@check("manifest/contradictory-requirements", Severity.ERROR)
def contradictory_requirements(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """Conda and pip are told to install versions of one project that cannot both be.

    No version satisfies both lines. conda installs its own first, then pip replaces it, and
    the conda packages that were built against it break. The same is told where a file that
    the manifest includes with `-r` contradicts the manifest; there pip gives up.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - numpy=1.26
      - pip
      - pip:
          - numpy==2.1.0
    ```

    ```yaml environment.yml
    dependencies:
      - pytorch>=2.4,<2.5
      - pip
      - pip:
          - torch==2.3.1+cu121
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -r requirements.txt
          - einops==0.8.0
    ```

    ```text requirements.txt
    einops==0.7.0
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - numpy=1.26
      - pytorch>=2.4
      - opencv=4.10.0
      - pip
      - pip:
          - numpy==1.26.4
          - torch==2.4.1+cu121
          - opencv-python==4.10.0.84
          - "numpy==2.0.0; sys_platform == 'darwin'"
    ```

    ## Fix

    Ask for one version, at one place.
    """
    for spec, req in shared(manifest):
        if _clashes(spec, req):
            yield Problem(
                req.name,
                f"conda is asked for `{spec.text}` and pip for `{req.name}{req.specifier}`, "
                "and no version is both",
                req.location,
                f"Delete this line, or write the version that is meant at `{spec.name}`.",
            )
    yield from _included(manifest, project)


def _clashes(spec: Spec, req: Requirement) -> bool:
    if spec.selector or is_conditional(req) or spec.error or req.error or req.kind != "name":
        return False
    if not (spec.version and req.specifier) or spec.name.startswith(_OTHER_NUMBERS):
        return False
    if req.name.startswith(_OTHER_NUMBERS):
        return False
    return contradicts(spec.version.replace(" ", ""), to_conda(req.specifier))


def _included(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """Lines of included files that no version of a line of the manifest satisfies."""
    own = {req.name: req for req in manifest.pip if _is_plain(req)}
    for file in followed(manifest, project):
        for req in file.pip:
            mine = own.get(req.name) if _is_plain(req) else None
            if mine and contradicts(to_conda(mine.specifier), to_conda(req.specifier)):
                yield Problem(
                    req.name,
                    f"`{mine.name}{mine.specifier}` here and `{req.name}{req.specifier}` in "
                    f"{file.path} cannot both be, so pip gives up",
                    mine.location,
                    "Delete one of them.",
                )


def _is_plain(req: Requirement) -> bool:
    return req.kind == "name" and bool(req.specifier) and not is_conditional(req)
