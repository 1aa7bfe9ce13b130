"""policy/expired-waiver."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Waiver
from conda_preflight.report import Problem, Severity


@check("policy/expired-waiver", Severity.WARNING)
def expired_waiver(waiver: Waiver) -> Iterator[Problem]:
    """An exception has passed its day and mutes nothing any more.

    What it excused counts again. Whoever set the date wanted the matter looked at by
    then.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [[waivers]]
    rule = "policy/expired-waiver"
    reason = "waits for the new base image"
    expires = "2026-01-31"
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [[waivers]]
    rule = "policy/expired-waiver"
    reason = "waits for the new base image"
    expires = "2027-01-31"
    ```

    ## Fix

    Mend what was excused and delete the waiver, or set a new date with a reason.
    """
    if waiver.state == "expired":
        yield Problem(
            waiver.rule,
            f"The exception for {waiver.rule} does not hold: {waiver.fault}",
            waiver.location,
            "Mend what it excused, or set a new date with a reason.",
        )
