"""lock/extra-package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Package, Project
from conda_preflight.grammar.deviation import platforms_of
from conda_preflight.grammar.lock_file import again, knows_all_sources, owners, some
from conda_preflight.grammar.reach import Graph
from conda_preflight.report import Problem, Severity

MAX_TOLD = 20
_ALWAYS = ("pip", "setuptools", "wheel")
_UNNAMED = ("include", "url", "vcs", "path", "invalid")


@check("lock/extra-package", Severity.WARNING)
def extra_package(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock holds a package that nothing in the manifest needs.

    A line was taken out of the manifest and the lock stayed, or somebody added to the lock by
    hand. It is installed, scanned and shipped for nothing, and nobody can say why it is there.
    What it brings with it is not told again. `pip`, `setuptools` and `wheel` never count.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.11
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
        dependencies: {libzlib: '>=1.3'}
        url: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: libzlib
        version: 1.3.1
        manager: conda
        platform: linux-64
        dependencies: {__glibc: '>=2.17'}
        url: https://conda.anaconda.org/conda-forge/linux-64/libzlib-1.3.1-h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: scipy
        version: 1.14.1
        manager: conda
        platform: linux-64
        dependencies: {python: '>=3.11'}
        url: https://conda.anaconda.org/conda-forge/linux-64/scipy-1.14.1-py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - scipy
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
      - name: scipy
        version: 1.14.1
        manager: conda
        platform: linux-64
        dependencies: {python: '>=3.11'}
        url: https://conda.anaconda.org/conda-forge/linux-64/scipy-1.14.1-py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ## Fix

    Lock again, or name the package in the manifest if it is meant.
    """
    if doubt := _doubt(lock, project):
        raise Skip(doubt)
    extras: dict[str, list[tuple[Package, int]]] = {}
    for platform in platforms_of(lock):
        for package, count in _extras(lock, platform, owners(lock, project)).items():
            extras.setdefault(package.name, []).append((package, count))
    if 2 * sum(1 + n for group in extras.values() for _, n in group) > len(lock.packages):
        raise Skip("most of the lock is asked for by something that was not read")
    if len(extras) > MAX_TOLD:
        yield _summary(list(extras.values()), lock)
        return
    for group in extras.values():
        yield _problem(group, lock)


def _doubt(lock: Lock, project: Project) -> str:
    """Why what packages need is not known, empty where it is."""
    if not knows_all_sources(lock, project):
        return "not every manifest of this lock is audited with it"
    if not any(p.depends for p in lock.packages):
        return "the lock does not record what packages depend on"
    if lock.subdirs or any(not p.url.startswith("http") for p in lock.packages if p.build):
        return "what platforms with own names, or packages built here, need is not known"
    return ""


def _problem(group: Sequence[tuple[Package, int]], lock: Lock) -> Problem:
    package, count = group[0]
    platforms = [one.platform for one, _ in group if one.platform]
    more = f" and {count} more packages that it brings" if count else ""
    verb = "are" if count else "is"
    return Problem(
        f"{package.name}@{'+'.join(platforms)}",
        f"`{package.name}` {package.version}{more} {verb} in the lock for {some(platforms, 6)}, "
        "and nothing that the manifest asks for needs it",
        package.location,
        f"{again(lock)} Or name it in the manifest, if it is meant.",
    )


def _summary(groups: Sequence[Sequence[tuple[Package, int]]], lock: Lock) -> Problem:
    first = groups[0][0][0]
    return Problem(
        "packages",
        f"Nothing that the manifest asks for needs {len(groups)} packages of the lock: "
        f"{some(group[0][0].name for group in groups)}",
        first.location,
        again(lock),
    )


def _extras(lock: Lock, platform: str, manifests: Sequence[Manifest]) -> dict[Package, int]:
    """What nothing needs on one platform; the pip half is left out where a line has no name."""
    packages = [p for p in lock.packages if p.platform == platform and p.name[:2] != "__"]
    graph = Graph(packages)
    reached = graph.reached(_roots(graph, manifests))
    unnamed = any(not r.name and r.kind in _UNNAMED for m in manifests for r in m.pip)
    distinct = (*graph.conda.values(), *(() if unnamed else graph.pip.values()))
    left = [p for p in distinct if p not in reached]
    return graph.tops(dict.fromkeys(left))


def _roots(graph: Graph, manifests: Sequence[Manifest]) -> list[Package]:
    """Everything that the manifests name, whatever the platform it is meant for."""
    conda = [spec.name for manifest in manifests for spec in manifest.specs]
    pip = [req.name for manifest in manifests for req in manifest.pip if req.name]
    found = [graph.find(name, "conda") for name in (*conda, *pip, *_ALWAYS)]
    found += [graph.find(name, "pypi") for name in (*pip, *_ALWAYS)]
    return [package for package in found if package]
