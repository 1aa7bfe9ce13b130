"""lock/foreign-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Package, Project
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.channel_identity import among
from conda_preflight.grammar.lock_file import again, owners, some
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity


@check("lock/foreign-channel", Severity.ERROR)
def foreign_channel(lock: Lock, project: Project) -> Iterator[Problem]:
    """Locked packages come from a channel that nobody named.

    Everybody can upload any name to a channel of their own. A package from a channel that
    neither the manifest nor the lock's own list names was edited in, or came from somebody's
    settings. Mirrors count as the channel that they mirror, and `defaults` as its parts. Where
    the manifest is not audited it is a warning, since a line of it may name the channel.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.11
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-f0rge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge, defaults]
    dependencies:
      - python=3.11
      - pytorch::pytorch
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://mirror.example.org/anaconda/cloud/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://repo.anaconda.com/pkgs/main/linux-64/zlib-1.3.1-h1_0.conda
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.4.1-py3.11_cuda12.4_cudnn9.1.0_0.tar.bz2
    ```

    ## Fix

    Name the channel in the manifest if it is meant; else lock again.
    """
    manifests = owners(lock, project)
    known = [c.name for m in manifests for c in m.channels]
    known += [channel_name(s.channel) for m in manifests for s in m.specs if s.channel]
    known += [channel_name(s.url) for m in manifests for s in m.specs if s.url]
    known += [c.name for c in lock.channels]
    if not known or (not lock.channels and not all(m.channels for m in manifests)):
        raise Skip("neither a manifest nor the lock itself names channels")
    known = list(dict.fromkeys(known))
    weight = None if manifests else Severity.WARNING
    foreign: dict[str, list[Package]] = {}
    for package in lock.packages:
        if package.channel and not package.name.startswith("__"):
            foreign.setdefault(package.channel, []).append(package)
    for channel, packages in foreign.items():
        if not among(channel, known) and "://" in packages[0].url:
            yield _problem(channel, packages, lock, weight)


def _problem(channel: str, packages: list[Package], lock: Lock, weight: Severity | None) -> Problem:
    count = f"{len(packages)} packages come" if len(packages) > 1 else "A package comes"
    return Problem(
        redact(channel),
        f"{count} from the channel `{redact(channel)}`, which nobody named: "
        f"{some(p.name for p in packages)}",
        packages[0].location,
        f"Name `{redact(channel)}` in the manifest if it is meant. {again(lock)}",
        weight,
    )
