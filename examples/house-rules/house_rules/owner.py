"""house/no-owner."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight import Problem, Severity, check
from conda_preflight.documents import Manifest


@check("house/no-owner", Severity.WARNING)
def no_owner(manifest: Manifest) -> Iterator[Problem]:
    """The manifest does not say which team answers for it.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    variables:
      OWNER: serving
    ```

    ## Fix

    Write `OWNER: team` below `variables:`.
    """
    if not any(variable.text.partition("=")[0] == "OWNER" for variable in manifest.variables):
        yield Problem(
            "OWNER",
            "The manifest does not say which team answers for it",
            manifest.location,
            "Write `OWNER: team` below `variables:`.",
        )
