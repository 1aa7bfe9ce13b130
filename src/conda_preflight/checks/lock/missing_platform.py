"""lock/missing-platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import PLATFORMS, Lock, Project
from conda_preflight.grammar.lock_file import again, environments, folder, owners, some
from conda_preflight.report import Problem, Severity

_LISTS = ("explicit", "conda-list")


@check("lock/missing-platform", Severity.ERROR)
def missing_platform(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock has no packages for a platform that the project must run on.

    The platforms are those of the manifest, and those of the settings. On a platform without
    a lock the environment cannot be installed, or somebody solves it there anew. Explicit
    lists of one environment count together, since each is for one platform.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    platforms: [linux-64, osx-arm64]
    dependencies:
      - python=3.11
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```toml preflight.toml
    platforms = ["linux-64", "linux-aarch64"]
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge]
    platforms: [linux-64, osx-arm64]
    dependencies:
      - python=3.11
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text conda-osx-arm64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/osx-arm64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Fix

    Lock again for all platforms, or take the platform out of the manifest or the settings.
    """
    stated = [p.text for m in owners(lock, project) for p in m.platforms]
    first = bool(environments(lock, project))
    wanted = list(dict.fromkeys((*stated, *(project.platforms if first else ()))))
    if not wanted:
        raise Skip("neither the manifest nor the settings name platforms")
    together = _together(lock, project)
    if together[0] is not lock:
        return
    held = set(_platforms([lock] if lock.kind not in _LISTS else together))
    every = held | set(_platforms(environments(lock, project)))
    lost = [p for p in wanted if p not in (held if p in stated else every)]
    if lost and held:
        yield Problem(
            "+".join(lost),
            f"The lock has no packages for {some(lost, 6)}, and the project must run there",
            lock.location,
            again(lock),
        )


def _together(lock: Lock, project: Project) -> list[Lock]:
    """The lists that belong to one environment: of one manifest, or without any in one folder."""
    if lock.kind not in _LISTS:
        return [lock]
    mine = owners(lock, project)
    others = [o for o in project.of(Lock) if o.kind in _LISTS and owners(o, project) == mine]
    return [o for o in others if mine or folder(o.path) == folder(lock.path)]


def _platforms(locks: Iterable[Lock]) -> Iterator[str]:
    """Platforms with packages, by their own names and by their subdirs."""
    for lock in locks:
        held = {p.platform for p in lock.packages}
        for platform in lock.platforms if held - {""} else ():
            if platform in held or (lock.kind == "pixi.lock" and platform not in PLATFORMS):
                yield from (platform, lock.subdirs.get(platform, platform))
