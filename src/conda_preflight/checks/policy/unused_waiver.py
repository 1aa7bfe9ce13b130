"""policy/unused-waiver."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Waiver
from conda_preflight.report import Problem, Severity


@check("policy/unused-waiver", Severity.WARNING)
def unused_waiver(waiver: Waiver) -> Iterator[Problem]:
    """An exception covers nothing any more.

    A waiver whose finding is gone waits for the next fault of that kind and hides it. It
    is time to delete it.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11  # preflight: ignore[policy/unused-waiver] nothing to excuse here
    ```

    ## Passes

    ```yaml environment.yml
    # preflight: ignore[manifest/missing-name] the file is a mixin that others name
    channels:
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    select = ["policy", "manifest/missing-name"]
    ```

    ## Fix

    Delete the waiver.
    """
    if waiver.state == "unused":
        yield Problem(
            waiver.rule,
            f"The exception for {waiver.rule} covers no finding",
            waiver.location,
            "Delete it; it would hide the next fault of that kind.",
        )
