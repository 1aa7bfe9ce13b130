"""settings/drifting-solves."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc, Setting
from conda_preflight.facts.condarc_solves import SOLVES, Drift
from conda_preflight.grammar.condarc_value import is_fragment, switch, texts
from conda_preflight.report import Problem, Severity


@check("settings/drifting-solves", Severity.WARNING)
def drifting_solves(condarc: Condarc) -> Iterator[Problem]:
    """A setting makes conda choose other packages than it does on another machine.

    What a manifest asks for should decide what is installed, and not who installs it. Pins,
    default packages and features of a settings file stand in no manifest; with another channel
    priority than `strict` a package can come from another channel from one day to the next.

    It is only noted when no channel priority is set, since conda's own is then `flexible`.

    ## Fails

    ```yaml .condarc
    channel_priority: flexible
    ```

    ```yaml .condarc
    channel_priority: false
    ```

    ```yaml .condarc
    channels:
      - conda-forge
    ```

    ```yaml .condarc
    channel_priority: strict
    pip_interop_enabled: True
    ```

    ```yaml .condarc
    channel_priority: strict
    create_default_packages:
      - ipykernel
    ```

    ```yaml .condarc
    channel_priority: strict
    repodata_fns: [current_repodata.json]
    ```

    ```yaml .condarc
    channel_priority: strict
    aggressive_update_packages: [openssl, cudatoolkit]
    ```

    ```yaml .condarc
    channel_priority: strict
    update_modifier: update_all
    ```

    ## Passes

    ```yaml .condarc
    channel_priority: strict
    solver: libmamba
    pinned_packages: []
    aggressive_update_packages: []
    repodata_fns: [current_repodata.json, repodata.json]
    offline: no
    always_copy: true
    ```

    ```yaml condarc.d/priority.yml
    show_channel_urls: true
    ```

    ## Fix

    Write `channel_priority: strict`, and put pins and packages into the manifest.
    """
    for drift in SOLVES:
        setting = condarc.get(drift.key)
        if setting and _applies(drift, setting):
            yield Problem(
                drift.key,
                f"With this `{setting.written}`, {drift.why}",
                setting.location,
                drift.instead,
                None if drift.grave else Severity.NOTE,
            )
    if not is_fragment(condarc) and not any(texts(condarc.get("channel_priority"))):
        yield Problem(
            "channel_priority",
            "No channel priority is set, and conda's own lets a package come from any channel",
            condarc.location,
            "Add the line `channel_priority: strict`.",
            Severity.NOTE,
        )


def _applies(drift: Drift, setting: Setting) -> bool:
    found = [text.lower() for _, text, _ in texts(setting)]
    if not drift.values:
        return bool(found) and not _is_harmless(drift, found)
    state = {True: "true", False: "false", None: ""}[switch(setting)]
    return isinstance(setting.value, str) and bool({state, *found}.intersection(drift.values))


def _is_harmless(drift: Drift, found: list[str]) -> bool:
    return drift.harmless.issuperset(found) and (not drift.needs or drift.needs in found)
