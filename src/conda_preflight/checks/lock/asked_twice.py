"""lock/asked-twice."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Project
from conda_preflight.grammar.lock_file import environments, some
from conda_preflight.grammar.pip_deviation import brought
from conda_preflight.report import Problem, Severity


@check("lock/asked-twice", Severity.WARNING)
def asked_twice(lock: Lock, project: Project) -> Iterator[Problem]:
    """One project is locked from conda and again from pip.

    pip is run last. Where the versions differ it removes conda's files and writes its own,
    and conda goes on believing that its build is there: what was built against it can break,
    and the CUDA build of a framework is lost. Where they are the same, one of them is idle.

    ## Fails

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: pytorch
        version: 2.4.1
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda118_py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: torch
        version: 2.3.0
        manager: pip
        platform: linux-64
        dependencies: {}
        url: https://files.example.org/torch-2.3.0-cp311-cp311-manylinux1_x86_64.whl
        hash: {sha256: 0000000000000000000000000000000000000000000000000000000000000000}
    ```

    ## Passes

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64, osx-64]
      sources: [environment.yml]
    package:
      - name: graphviz
        version: 12.0.0
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/graphviz-12.0.0-h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: graphviz
        version: 0.20.3
        manager: pip
        platform: linux-64
        dependencies: {}
        url: https://files.example.org/graphviz-0.20.3-py3-none-any.whl
        hash: {sha256: 0000000000000000000000000000000000000000000000000000000000000000}
      - name: numpy
        version: 1.26.4
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: numpy
        version: 1.26.4
        manager: pip
        platform: osx-64
        dependencies: {}
        url: https://files.example.org/numpy-1.26.4-cp311-cp311-macosx_10_9_x86_64.whl
        hash: {sha256: 0000000000000000000000000000000000000000000000000000000000000000}
    ```

    ## Fix

    Ask for the project once, from conda where conda has it, and lock again.
    """
    doubled: dict[str, list[tuple[Package, Package]]] = {}
    for one in environments(lock, project):
        for name, conda, pip in _pairs(one):
            if not any(other is pip for _, other in doubled.get(name, ())):
                doubled.setdefault(name, []).append((conda, pip))
    for name, pairs in doubled.items():
        yield _problem(name, pairs)


def _pairs(lock: Lock) -> Iterator[tuple[str, Package, Package]]:
    """The projects that one environment has twice on a platform."""
    pip = {(p.platform, p.name): p for p in lock.packages if p.manager == "pypi"}
    if not pip:
        return
    recorded = any(p.purls for p in lock.packages if p.manager == "conda")
    for package in lock.packages:
        if package.manager == "conda" and (package.purls or not recorded):
            for name in brought(package):
                if other := pip.get((package.platform, name)):
                    yield name, package, other


def _problem(name: str, pairs: list[tuple[Package, Package]]) -> Problem:
    conda, pip = pairs[0]
    platforms = some((other.platform for _, other in pairs if other.platform), 6)
    where = f" on {platforms}" if platforms else ""
    alike = all(one.version == other.version for one, other in pairs)
    end = "one of them is idle" if alike else "pip's replaces conda's"
    return Problem(
        name,
        f"`{conda.name}` {conda.version} of conda and `{name}` {pip.version} of pip are the same "
        f"project{where}, and {end}",
        pip.location,
        f"Ask for it once: take `{name}` out of the pip section, and lock again.",
    )
