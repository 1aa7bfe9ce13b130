"""manifest/no-dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity


@check("manifest/no-dependencies", Severity.WARNING)
def no_dependencies(manifest: Manifest) -> Iterator[Problem]:
    """The manifest asks for no package.

    The environment is empty, or conda refuses the file for want of `dependencies`. Mostly a key
    is misspelt or the list is indented below another key.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
      - conda-forge
    dependencies:
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - pip:
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - pip:
          - -r requirements.txt
    ```

    ## Fix

    Write the packages below `dependencies:`, or delete the file.
    """
    if manifest.kind != "environment.yml":
        raise Skip("an environment of pixi may be made of features alone")
    if not manifest.specs and not manifest.pip:
        yield Problem(
            "dependencies",
            "The manifest asks for no package",
            manifest.location,
            "Write `dependencies:` and below it `  - python=3.11`.",
        )
