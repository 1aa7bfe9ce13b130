"""manifest/undeclared-platforms."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Project
from conda_preflight.facts.platform_packages import systems
from conda_preflight.report import Problem, Severity

_SHOWN = 5
_PEOPLE_SAY = {"linux": "Linux", "win": "Windows", "osx": "macOS"}


@check("manifest/undeclared-platforms", Severity.NOTE)
def undeclared_platforms(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """The manifest can be installed on some systems only, and does not say on which.

    Somebody on a Mac gets `ResolvePackageNotFound: cudatoolkit`, and believes that the file is
    broken. conda-lock, and this audit, read a list `platforms:`; conda itself ignores it. A
    lock for the manifest, or `platforms` in the settings, says it as well.

    ## Fails

    ```yaml environment.yml
    channels:
      - pytorch
      - nvidia
    dependencies:
      - python=3.8
      - pytorch=1.11.0
      - cudatoolkit=11.3
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - pytorch
    dependencies:
      - pytorch=1.11.0
      - cudatoolkit=11.3
    platforms:
      - linux-64
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - cudatoolkit=11.3  # [linux]
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - cudatoolkit=11.3
    ```

    ```toml preflight.toml
    platforms = ["linux-64"]
    ```

    ## Fix

    Write `platforms:` with the platforms that it is for, or a selector behind the package, as in
    `- cudatoolkit=11.8  # [linux]`.
    """
    if manifest.kind != "environment.yml":
        raise Skip("pixi's manifests always state their platforms")
    if manifest.platforms or project.platforms or project.locks_of(manifest):
        return
    bound = [s for s in manifest.specs if systems(s.name) and not (s.selector or s.platforms)]
    if bound:
        names = list(dict.fromkeys(spec.name for spec in bound))
        left = [word for key, word in _PEOPLE_SAY.items() if all(key in systems(n) for n in names)]
        shown = ", ".join(f"`{n}`" for n in names[:_SHOWN]) + (
            " ..." if len(names) > _SHOWN else ""
        )
        where = " and ".join(left) or "no system at all"
        yield Problem(
            "platforms",
            f"The manifest names no platforms, and with {shown} it is for {where}",
            bound[0].location,
            "Write `platforms:` and below it, for instance, `  - linux-64`.",
        )
