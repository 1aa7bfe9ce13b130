"""settings/auto-update-on."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc, Setting
from conda_preflight.grammar.condarc_value import plain_place, switch
from conda_preflight.report import Edit, Problem, Severity


@check("settings/auto-update-on", Severity.ERROR)
def auto_update_on(condarc: Condarc) -> Iterator[Problem]:
    """Conda is told to update itself.

    With `auto_update_conda: true` an install into the base environment may bring a newer conda
    along, which nobody asked for and no lock records. The next solve then runs with other
    defaults than the one that was tested. `self_update` is another name of this setting.

    ## Fails

    ```yaml .condarc
    auto_update_conda: true
    ```

    ```yaml .condarc
    self_update: "Yes"
    ```

    ```yaml .condarc
    auto_update_conda: 1
    ```

    ## Passes

    ```yaml .condarc
    auto_update_conda: false
    ```

    ```yaml .condarc
    auto_update_conda: Off
    notify_outdated_conda: true
    ```

    ```yaml .condarc
    channels:
      - conda-forge
    ```

    ## Fix

    Write `auto_update_conda: false`, and update conda on purpose.
    """
    setting = condarc.get("auto_update_conda")
    if setting and switch(setting):
        yield Problem(
            "auto_update_conda",
            "Conda is told to update itself, so its version changes without anybody asking",
            setting.location,
            "Write `auto_update_conda: false`.",
            edits=_edits(setting),
        )


def _edits(setting: Setting) -> tuple[Edit, ...]:
    place = plain_place(setting)
    return (Edit(place, str(setting.value), "false"),) if place else ()
