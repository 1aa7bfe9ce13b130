"""settings/safety-off."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc, Setting
from conda_preflight.facts.condarc_safety import GUARDS, Guard
from conda_preflight.grammar.condarc_value import switch
from conda_preflight.report import Problem, Severity


@check("settings/safety-off", Severity.ERROR)
def safety_off(condarc: Condarc) -> Iterator[Problem]:
    """A setting switches off what protects an environment.

    With `safety_checks: disabled` conda installs a package without a look at whether its files
    are as they were made, which is an error. Without rollback, without the protection of frozen
    environments, or with links into the package cache an environment breaks more easily, which
    is a warning. What only spares a question or a refusal is noted.

    ## Fails

    ```yaml .condarc
    safety_checks: disabled
    ```

    ```yaml .condarc
    protect_frozen_envs: no
    ```

    ```yaml .condarc
    always_softlink: True
    ```

    ```yaml .condarc
    yes: true
    ```

    ## Passes

    ```yaml .condarc
    safety_checks: warn
    extra_safety_checks: false
    always_yes: false
    protect_frozen_envs: true
    allow_non_channel_urls: off
    ```

    ## Fix

    Write `safety_checks: enabled`, and delete the other lines.
    """
    for guard in GUARDS:
        setting = condarc.get(guard.key)
        if setting and _is_off(guard, setting):
            yield Problem(
                guard.key,
                f"With this `{setting.written}`, {guard.what}",
                setting.location,
                guard.instead,
                Severity(guard.severity),
            )


def _is_off(guard: Guard, setting: Setting) -> bool:
    if guard.value in ("true", "false"):
        return switch(setting) is (guard.value == "true")
    return isinstance(setting.value, str) and setting.value.strip().lower() == guard.value
