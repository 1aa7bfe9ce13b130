"""settings/auto-update-unset."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Condarc
from conda_preflight.grammar.condarc_value import is_fragment, is_mamba_only, texts
from conda_preflight.report import Problem, Severity


@check("settings/auto-update-unset", Severity.WARNING)
def auto_update_unset(condarc: Condarc) -> Iterator[Problem]:
    """The settings do not forbid conda to update itself.

    Unless a settings file says `auto_update_conda: false`, conda may update itself when
    something is installed into the base environment. For production this is to be said in the
    file that goes along with the project, not left to each machine.

    A file of a `condarc.d` is not looked at, since others of that folder may say it.

    ## Fails

    ```yaml .condarc
    channels:
      - conda-forge
    ```

    ```yaml .condarc
    auto_update_conda:
    ```

    ## Passes

    ```yaml .condarc
    channels:
      - conda-forge
    auto_update_conda: false
    ```

    ## Fix

    Add `auto_update_conda: false`.
    """
    if is_fragment(condarc):
        raise Skip("other files of this folder may set it")
    if is_mamba_only(condarc):
        raise Skip("conda does not read this file")
    if not any(texts(condarc.get("auto_update_conda"))):
        yield Problem(
            "auto_update_conda",
            "The settings do not forbid conda to update itself",
            condarc.location,
            "Add the line `auto_update_conda: false`.",
        )
