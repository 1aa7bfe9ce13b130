"""manifest/dead-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Channel, Location, Manifest, Spec
from conda_preflight.facts.channels import PYTORCH_LAST, DeadChannel, dead
from conda_preflight.grammar.channel import channel_name, licensed
from conda_preflight.grammar.conda_version import contradicts, matches
from conda_preflight.report import Problem, Severity


@check("manifest/dead-channel", Severity.WARNING)
def dead_channel(manifest: Manifest) -> Iterator[Problem]:
    """Packages are asked from a channel that gets no more releases.

    The channel `pytorch` ended with PyTorch 2.5.1. Whoever asks it for PyTorch without an
    upper bound stays there for ever, and whoever asks it for more gets nothing (error). A pin
    to what it has goes on working, and is not told here. Other channels that ended are told
    wherever they stand.

    ## Fails

    ```yaml environment.yml
    channels:
      - pytorch
      - nvidia
    dependencies:
      - pytorch
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels:
      - pytorch
      - conda-forge
    dependencies:
      - pytorch>=2.1
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - pytorch::pytorch=2.6
    ```

    ```yaml environment.yml
    channels:
      - huggingface
      - conda-forge
    dependencies:
      - transformers=4.33
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - pytorch
      - nvidia
      - conda-forge
    dependencies:
      - pytorch=2.1.2
      - torchvision=0.16.*
      - faiss-gpu
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
      - pytorch
    dependencies:
      - pytorch=2.6
    ```

    ## Fix

    Take PyTorch from conda-forge, or with pip from PyTorch's own index.
    """
    told: set[str] = set()
    for name, place in _named_channels(manifest):
        row = dead(name)
        if row and row.name not in told:
            told.add(row.name)
            yield _ended(row, place)
    for name, last in PYTORCH_LAST.items():
        for spec in manifest.named(name):
            yield from _beyond(spec, last, manifest)


def _named_channels(manifest: Manifest) -> Iterator[tuple[str, Location]]:
    for channel in manifest.channels:
        yield channel.name, channel.location
    for spec in manifest.specs:
        if spec.channel:
            yield channel_name(spec.channel), spec.location


def _ended(row: DeadChannel, place: Location) -> Problem:
    return Problem(
        row.name,
        f"The channel `{row.name}` should not be used any more: {row.why}",
        place,
        f"Use {row.instead}.",
        Severity.ERROR if row.closed else None,
    )


def _beyond(spec: Spec, last: str, manifest: Manifest) -> Iterator[Problem]:
    """What the channel ``pytorch`` will never have, or has only up to its last release."""
    asked = bool(spec.channel) and channel_name(spec.channel or "") == "pytorch"
    if spec.error or spec.url or not (asked or _comes_from_pytorch(spec, manifest.channels)):
        return
    version = spec.version or ""
    alone = asked or not _has_another(manifest.channels)
    if version and contradicts([version, f"<={last}"]):
        message = f"The channel `pytorch` ends with {spec.name} {last}, and `{spec.text}` is newer"
        fix = f"Take it from conda-forge: `conda-forge::{spec.name}{version}`."
        yield Problem(spec.name, message, spec.location, fix, Severity.ERROR if alone else None)
    elif not version or matches(version, "99"):
        message = f"`{spec.text}` comes from the channel `pytorch`, which ended with {last}"
        fix = f"Write `{spec.name}={last.rpartition('.')[0]}`, or take it from conda-forge."
        yield Problem(spec.name, message, spec.location, fix)


def _comes_from_pytorch(spec: Spec, channels: tuple[Channel, ...]) -> bool:
    """Whether ``pytorch`` is the first of the channels that have this package."""
    if spec.channel:
        return False
    first = next((c.name for c in channels if _has_pytorch(c)), "")
    return first == "pytorch"


def _has_pytorch(channel: Channel) -> bool:
    return channel.name in ("pytorch", "conda-forge") or bool(licensed(channel.text))


def _has_another(channels: tuple[Channel, ...]) -> bool:
    """Whether the solver may look elsewhere; without ``nodefaults`` it always may."""
    names = [channel.name for channel in channels]
    return "nodefaults" not in names or any(
        c.name != "pytorch" and _has_pytorch(c) for c in channels
    )
