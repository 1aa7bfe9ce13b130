"""manifest/missing-name."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity


@check("manifest/missing-name", Severity.WARNING)
def missing_name(manifest: Manifest) -> Iterator[Problem]:
    """The manifest does not name its environment.

    Without a name `conda env create` asks for one on the command line, so every machine
    has another, and nobody can tell from a list of environments which one serves.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ## Fix

    Begin the file with `name: project_stage_purpose`.
    """
    if manifest.partial:
        raise Skip("a fragment that is merged into other manifests needs no name")
    if manifest.name is None:
        yield Problem(
            "name",
            "The manifest does not name its environment",
            manifest.location,
            "Begin the file with `name: project_stage_purpose`, as in `chatbot_infer_prod`.",
        )
