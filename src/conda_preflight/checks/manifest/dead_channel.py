"""manifest/dead-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Channel, Location, Manifest, Spec
from conda_preflight.facts.channels import LAST_RELEASES, DeadChannel, dead
from conda_preflight.grammar.channel import channel_name, licensed
from conda_preflight.grammar.conda_version import contradicts, matches
from conda_preflight.report import Problem, Severity


@check("manifest/dead-channel", Severity.WARNING)
def dead_channel(manifest: Manifest) -> Iterator[Problem]:
    """Packages are asked from a channel that gets no more releases.

    The channel `pytorch` ended with PyTorch 2.5.1. Whoever asks it for PyTorch without an
    upper bound stays there for ever, and whoever asks it for more gets nothing (error). The
    channels `pyg` and `huggingface` ended likewise. A pin to what they have goes on working, and
    is not told. Channels that are closed, withdrawn or archived are told wherever they stand.

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
      - transformers
    ```

    ```yaml environment.yml
    channels:
      - intel
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - pytorch
      - nvidia
      - conda-forge
    dependencies:
      - pytorch=2.1.2
      - torchvision
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

    Take the packages from conda-forge; PyTorch also with pip from its own index.
    """
    told: set[str] = set()
    for name, place in _named_channels(manifest):
        row = dead(name)
        if row and row.name not in told:
            told.add(row.name)
            yield _ended(row, place)
    for name in LAST_RELEASES:
        yield from _asked(name, manifest)


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


def _asked(channel: str, manifest: Manifest) -> Iterator[Problem]:
    """What is asked of a channel that it will never have, or has up to its last release only."""
    last = LAST_RELEASES[channel]
    specs = [
        s for s in manifest.named(*last) if not (s.error or s.url) and _is_of(s, channel, manifest)
    ]
    newer = [s for s in specs if s.version and contradicts([s.version, f"<={last[s.name]}"])]
    for spec in newer:
        yield _impossible(spec, channel, last[spec.name], manifest)
    deciding = next(iter(last))
    bounded = any(not _is_open(spec) for spec in manifest.named(deciding))
    stuck = [s for s in specs if s not in newer and _is_open(s)]
    if stuck and not bounded:
        names = ", ".join(f"`{spec.text}`" for spec in stuck)
        yield Problem(
            channel,
            f"The channel `{channel}` ended with {deciding} {last[deciding]}, and {names} "
            f"{'comes' if len(stuck) == 1 else 'come'} from it without an upper bound",
            stuck[0].location,
            f"Take {'it' if len(stuck) == 1 else 'them'} from conda-forge, or write "
            f"`{stuck[0].name}={last[stuck[0].name].rpartition('.')[0]}` to stay there.",
        )


def _is_open(spec: Spec) -> bool:
    """Whether the newest release there may ever be would do."""
    return not spec.version or bool(matches(spec.version, "9999"))


def _impossible(spec: Spec, channel: str, last: str, manifest: Manifest) -> Problem:
    elsewhere = not spec.channel and _has_another(channel, manifest.channels)
    return Problem(
        spec.name,
        f"The channel `{channel}` ended with {spec.name} {last}, and `{spec.text}` is newer",
        spec.location,
        f"Take it from conda-forge: `conda-forge::{spec.name}{spec.version or ''}`.",
        None if elsewhere else Severity.ERROR,
    )


def _is_of(spec: Spec, channel: str, manifest: Manifest) -> bool:
    """Whether the channel is named, or is the first of those that have the package."""
    if spec.channel:
        return channel_name(spec.channel) == channel
    return next((c.name for c in manifest.channels if _has(c, channel)), "") == channel


def _has(channel: Channel, own: str) -> bool:
    """Whether a channel has the packages of ``own`` too, as conda-forge and defaults do."""
    return channel.name in (own, "conda-forge") or bool(licensed(channel.text))


def _has_another(own: str, channels: tuple[Channel, ...]) -> bool:
    """Whether the solver may look elsewhere; without ``nodefaults`` it always may."""
    others = any(c.name != own and _has(c, own) for c in channels)
    return others or not any(c.name == "nodefaults" for c in channels)
