"""lock/stale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Project
from conda_preflight.grammar.channel_identity import same
from conda_preflight.grammar.conda_lock_hash import other_state
from conda_preflight.grammar.deviation import Deviation, conda_deviations, grouped
from conda_preflight.grammar.lock_file import again, owners, some
from conda_preflight.grammar.pip_deviation import pip_deviations
from conda_preflight.report import Problem, Severity


@check("lock/stale", Severity.ERROR)
def stale(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock is not true to its manifest.

    Somebody changed the manifest and did not lock again, or edited the lock. What is
    installed is then not what was asked for: a package is absent, or has a version, a build
    or a channel that the manifest rules out. This is told from the two files alone, without
    a solve. A package counts only on platforms that its line is meant for.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.11
      - numpy=2
    ```

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: python
        version: 3.11.9
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: numpy
        version: 1.26.4
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.11
      - scipy
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.4.1=cuda*
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cpu_generic_py311h1_0.conda
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch::pytorch=2.4.1
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda118_py311h1_0.conda
    ```

    ```yaml environment.yml
    channels: [pytorch, conda-forge]
    dependencies:
      - python
      - pip
      - pip:
          - einops==0.8.0
    ```

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: pytorch, used_env_vars: []}, {url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: python
        version: 3.11.9
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: pip
        version: "24.0"
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/noarch/pip-24.0-pyhd8ed1ab_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: einops
        version: 0.7.0
        manager: pip
        platform: linux-64
        dependencies: {}
        url: https://files.example.org/einops-0.7.0-py3-none-any.whl
        hash: {sha256: 0000000000000000000000000000000000000000000000000000000000000000}
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge, nodefaults]
    dependencies:
      - python=3.11
      - numpy>=1.26,<3
      - pywin32  # [win]
      - pip
      - pip:
          - torch==2.4.1
          - colorama; sys_platform == "win32"
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://mirror.example.org/anaconda/cloud/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://mirror.example.org/anaconda/cloud/conda-forge/linux-64/numpy-2.1.0-py311h1_0.conda
    https://mirror.example.org/anaconda/cloud/conda-forge/linux-64/pytorch-2.4.1-cuda118_py311h1_0.conda
    https://mirror.example.org/anaconda/cloud/conda-forge/noarch/pip-24.0-pyhd8ed1ab_0.conda
    ```

    ## Fix

    Lock again after each change of the manifest, and commit both together.
    """
    manifests = owners(lock, project)
    if not manifests:
        raise Skip("no manifest of this lock is audited with it")
    if not lock.packages and any(m.specs or m.pip for m in manifests):
        yield Problem("packages", "The lock holds no packages", lock.location, again(lock))
        return
    if not lock.packages:
        return
    yield from _channels(manifests, lock)
    if platforms := other_state(manifests, lock):
        yield _other_state(platforms, lock)
    halves = (*conda_deviations(manifests, lock), *pip_deviations(manifests, lock))
    for group in grouped(halves):
        yield _problem(group, lock)


def _other_state(platforms: Sequence[str], lock: Lock) -> Problem:
    return Problem(
        "content_hash",
        f"{some(platforms, 6)} was locked from another state of the manifest than the rest, "
        "as the lock's own digests say",
        lock.location,
        again(lock),
        Severity.WARNING,
    )


def _problem(group: Sequence[Deviation], lock: Lock) -> Problem:
    first = group[0]
    platforms = [one.platform for one in group if one.platform]
    where = f" on {some(platforms, 6)}" if platforms else ""
    asks = f"{first.at.path}:{first.at.line} asks for `{first.asked}`"
    return Problem(
        f"{first.name}@{'+'.join(platforms)}",
        f"{asks}, and the lock {_has(first)}{where}",
        first.package.location if first.package else lock.location,
        again(lock),
        None if first.sure else Severity.WARNING,
    )


def _has(one: Deviation) -> str:
    if one.package is None:
        return f"does not have `{one.name}`"
    held = {
        "version": one.package.version,
        "build": f"the build {one.package.build}",
        "channel": f"it from {one.package.channel}",
    }
    return f"has {held[one.fault]}"


def _channels(manifests: Sequence[Manifest], lock: Lock) -> Iterator[Problem]:
    """The channels of the longest list count, since conda-lock wants the others to be its end."""
    stated = max((m.channels for m in manifests), key=len)
    asked = [c.name for c in stated if c.name != "nodefaults"]
    held = [c.name for c in lock.channels if c.name != "nodefaults"]
    if not asked or not held or _alike(asked, held):
        return
    yield Problem(
        "channels",
        f"{manifests[0].path} names the channels {', '.join(asked)}, "
        f"and the lock was made from {', '.join(held)}",
        lock.channels[0].location,
        again(lock),
    )


def _alike(asked: Sequence[str], held: Sequence[str]) -> bool:
    return len(asked) == len(held) and all(map(same, asked, held))
