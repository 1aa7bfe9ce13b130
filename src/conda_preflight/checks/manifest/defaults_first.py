"""manifest/defaults-first."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Channel, Manifest, Spec
from conda_preflight.facts.channels import IN_DEFAULTS_TOO
from conda_preflight.grammar.channel import licensed
from conda_preflight.report import Problem, Severity


@check("manifest/defaults-first", Severity.WARNING)
def defaults_first(manifest: Manifest) -> Iterator[Problem]:
    """The channel `defaults` stands before the one that the packages are meant to come from.

    The order of channels is their priority. Where `defaults` has a package too, in any
    version, strict priority (mamba, micromamba, many teams) looks no further: the PyTorch of
    `defaults` wins over the channel `pytorch`, in a CPU build or in no version that fits.

    Before `conda-forge` it is only noted: half of the packages then come from one
    distribution and half from the other.

    ## Fails

    ```yaml environment.yml
    channels:
      - defaults
      - pytorch
    dependencies:
      - python=3.8
      - pytorch=1.5.0
    ```

    ```yaml environment.yml
    channels:
      - anaconda
      - conda-forge
    dependencies:
      - python=3.11
      - transformers=4.44
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - pytorch
      - conda-forge
      - defaults
    dependencies:
      - pytorch=1.5.0
    ```

    ```yaml environment.yml
    channels:
      - defaults
      - pytorch
    dependencies:
      - python=3.8
      - pytorch::pytorch=1.5.0
    ```

    ## Fix

    Put `defaults` last, or leave it out.
    """
    first = next((at for at, c in enumerate(manifest.channels) if licensed(c.text)), None)
    if first is None:
        return
    leading = manifest.channels[first]
    behind = manifest.channels[first + 1 :]
    for channel in behind:
        meant = _meant(channel, manifest)
        if meant:
            yield _problem(leading, channel, meant)
            return
    forge = next((c for c in behind if _root(c) == "conda-forge"), None)
    if forge and any(not (spec.channel or spec.url) for spec in manifest.specs):
        yield Problem(
            leading.name,
            f"`{leading.name}` stands before `conda-forge`, so both distributions get mixed",
            leading.location,
            f"Put `conda-forge` before `{leading.name}`, or leave `{leading.name}` out.",
            Severity.NOTE,
        )


def _meant(channel: Channel, manifest: Manifest) -> Spec | None:
    """The first package that is meant to come from this channel, and is in defaults too."""
    specs = manifest.named(*IN_DEFAULTS_TOO.get(_root(channel), ()))
    return next((spec for spec in specs if not (spec.channel or spec.url)), None)


def _problem(leading: Channel, channel: Channel, meant: Spec) -> Problem:
    return Problem(
        leading.name,
        f"`{leading.name}` stands before `{channel.name}`, so under strict channel priority "
        f"`{meant.name}` comes from `{leading.name}`, in its versions and builds",
        leading.location,
        f"Put `{channel.name}` before `{leading.name}`, or leave `{leading.name}` out.",
    )


def _root(channel: Channel) -> str:
    return channel.name.partition("/label/")[0]
