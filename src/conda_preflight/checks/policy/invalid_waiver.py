"""policy/invalid-waiver."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Waiver
from conda_preflight.report import Problem, Severity


@check("policy/invalid-waiver", Severity.ERROR)
def invalid_waiver(waiver: Waiver) -> Iterator[Problem]:
    """An exception has no reason, no expiry, or names a rule that does not exist.

    An exception without a reason cannot be judged later, and one without an end is for
    ever. Such a waiver mutes nothing. In a comment the reason is enough; the settings
    need a date too.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11  # preflight: ignore[manifest/unpinned-core-package]
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [[waivers]]
    rule = "policy/invalid-waiver"
    reason = "waits for the new base image"
    expires = "2027-01-31"
    ```

    ## Fix

    Write why, and until when: `reason = "..."` and `expires = "2027-01-31"`.
    """
    if waiver.state == "invalid":
        yield Problem(
            waiver.rule,
            f"The exception for {waiver.rule} does not hold: {waiver.fault}",
            waiver.location,
            'Give it `reason = "..."` and `expires = "YYYY-MM-DD"`.',
        )
