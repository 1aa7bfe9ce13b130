"""manifest/unknown-channel-in-spec."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.channel_identity import among
from conda_preflight.report import Problem, Severity


@check("manifest/unknown-channel-in-spec", Severity.NOTE)
def unknown_channel_in_spec(manifest: Manifest) -> Iterator[Problem]:
    """A package names a channel that is not among the manifest's channels.

    conda asks that channel for this one package. What the package depends on may come from
    there as well or not, depending on the solver, and a reader of `channels` does not see it.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - bioconda::hmmer=3.3
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - conda-forge
      - bioconda
      - https://conda.anaconda.org/pytorch
      - defaults
    dependencies:
      - bioconda::hmmer=3.3
      - pytorch::pytorch=2.1
      - pkgs/main::numpy
      - conda-forge/linux-64::python
    ```

    ## Fix

    Add the channel to `channels`, after those that must win.
    """
    if not manifest.channels:
        return
    known = [channel.name for channel in manifest.channels]
    told: set[str] = set()
    for spec in manifest.specs:
        name = channel_name(spec.channel or "")
        if name and name not in told and not among(name, known):
            told.add(name)
            yield Problem(
                name,
                f"`{spec.name}` is asked from `{name}`, which is not among the channels",
                spec.location,
                f"Add `- {name}` to `channels`.",
            )
