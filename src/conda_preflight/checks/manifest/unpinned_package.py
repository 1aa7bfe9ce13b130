"""manifest/unpinned-package."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project
from conda_preflight.facts.core_packages import CORE
from conda_preflight.grammar.written_line import conda_line
from conda_preflight.report import Problem, Severity

_SHOWN = 5


@check("manifest/unpinned-package", Severity.NOTE)
def unpinned_package(
    manifest: Manifest, project: Project, *, ignore: tuple[str, ...] = CORE
) -> Iterator[Problem]:
    """Conda packages are asked for without any version.

    The solver takes the newest that fits, so the same file gives another environment next
    month. A lock makes up for it; without one, a version for each package helps. Packages
    that `manifest/unpinned-core-package` judges are left out here; the setting `ignore` holds
    them.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - scipy
      - pandas
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python
      - scipy=1.14
      - pandas>=2
    ```

    ## Fix

    Write a version behind each name, `scipy=1.14`, or make a lock.
    """
    loose = [
        spec
        for spec in manifest.specs
        if spec.name
        and spec.name not in ignore
        and not (spec.version or spec.build or spec.url or spec.error)
    ]
    if loose:
        names = list(dict.fromkeys(spec.name for spec in loose))
        shown = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
        many = f"{len(names)} conda packages have" if len(names) > 1 else "One conda package has"
        line = conda_line(manifest, names[0], "1.2")
        yield Problem(
            "conda packages",
            f"{many} no version: {shown}",
            loose[0].location,
            f"Write a version behind each name, as in `{line}`."
            if project.locks_of(manifest)
            else f"Write a version behind each name, as in `{line}`, or make a lock.",
        )
