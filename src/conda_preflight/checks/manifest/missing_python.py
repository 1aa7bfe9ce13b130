"""manifest/missing-python."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.facts.core_packages import CORE
from conda_preflight.report import Problem, Severity

_PYTHONS = ("python", "python-freethreading", "python-gil", "pypy", "graalpy", "python_abi")


@check("manifest/missing-python", Severity.WARNING)
def missing_python(manifest: Manifest) -> Iterator[Problem]:
    """The manifest installs Python packages and does not ask for python.

    The solver then takes the newest python that fits, another one every year, and with it
    other builds of every package. In an environment without any python, the pip section is
    installed by a pip that belongs to another environment.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - pip
      - pip:
          - transformers==4.44.2
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - pytorch=2.4
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - python=3.11
      - pip
      - pip:
          - transformers==4.44.2
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - r-base=4.3
    ```

    ## Fix

    Write `- python=3.11` (your version) among the dependencies.
    """
    if manifest.partial:
        raise Skip("a fragment that is merged into other manifests may get python from them")
    if any(spec.name in _PYTHONS for spec in manifest.specs):
        return
    core = manifest.named(*CORE)
    if manifest.pip or core:
        user = "the pip section" if manifest.pip else f"`{core[0].name}`"
        yield Problem(
            "python",
            f"{user[0].upper()}{user[1:]} needs python, and no version of it is asked for",
            next(iter(manifest.pip_locations), core[0].location if core else manifest.location),
            "Write `- python=3.11`, with the version that you use, among the dependencies.",
        )
