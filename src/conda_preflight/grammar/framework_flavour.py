"""Which frameworks of a solution or a lock were built for a CPU alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Manifest, Package
from conda_preflight.facts.framework_builds import FAMILIES, conda_flavour, wheel_flavour


def cpu_builds(
    packages: Iterable[Package], subdir: str, manifests: Sequence[Manifest]
) -> Iterator[tuple[str, Package, bool]]:
    """Frameworks that are asked for and have a CPU build only, with the package that says so.

    The last is false where another framework has a GPU build, so that it may be meant. All are
    asked for where no manifest is known.
    """
    held: dict[str, list[tuple[str, Package]]] = {family: [] for family in FAMILIES}
    for package in packages:
        for family, names in FAMILIES.items():
            if package.name in names:
                held[family].append((_flavour(package, subdir), package))
    has_gpu = any(flavour == "gpu" for rows in held.values() for flavour, _ in rows)
    for family, rows in held.items():
        flavours = {flavour for flavour, _ in rows}
        if "cpu" in flavours and "gpu" not in flavours and _is_asked(family, manifests):
            yield family, next(p for flavour, p in rows if flavour == "cpu"), not has_gpu


def _flavour(package: Package, subdir: str) -> str:
    if package.manager == "conda":
        return conda_flavour(package.name, package.build.lower())
    return wheel_flavour(package.name, package.version, package.url, subdir)


def _is_asked(family: str, manifests: Sequence[Manifest]) -> bool:
    names = FAMILIES[family]
    asked = [m.named(*names) or m.pip_named(*names) for m in manifests]
    return not manifests or any(asked)
