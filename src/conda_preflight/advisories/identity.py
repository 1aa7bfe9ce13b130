"""Which product each package is where advisories are written; never by its conda name alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import unquote

from conda_preflight.documents import Package, Prefix
from conda_preflight.documents.advisory import Identified, Identity
from conda_preflight.facts.conda_projects import project_of
from conda_preflight.facts.names import normalized
from conda_preflight.facts.native_products import product_of
from conda_preflight.pattern import lazy_pattern

PYPI, NATIVE = "PyPI", "Upstream"
"""The ecosystems of projects of PyPI, and of products that the native table names."""

_PURL = "pkg:pypi/"
_EPOCH = lazy_pattern(r"[0-9]+!")
_BUILD_OF_LLAMA = lazy_pattern(r"0\.0\.([0-9]+)")

Installed = Mapping[str, tuple[tuple[str, str], ...]]
"""Projects with versions that a conda package brought to disk, by the package's name."""


def identify(
    packages: Iterable[Package],
    installed: Installed | None = None,
    mapped: Callable[[str], tuple[str, ...]] | None = None,
    replaced: frozenset[str] = frozenset(),
) -> tuple[Identified, ...]:
    """Every package, in order, with the products that it is.

    ``installed`` tells what is on disk, and is all that counts of Python where it is given;
    ``mapped`` gives the projects of a conda package by a map of names, none where the map has
    no such package. ``replaced`` are conda packages whose project another installer replaced.
    """
    return tuple(
        Identified(
            package,
            tuple(_identities(package, installed, mapped, package.name in replaced)),
            wheel=package.manager == "pypi",
        )
        for package in packages
    )


def in_prefix(
    prefix: Prefix, mapped: Callable[[str], tuple[str, ...]] | None = None
) -> tuple[Identified, ...]:
    """The packages of a prefix: of two installs of one project, the one that is on disk."""
    installed: dict[str, tuple[tuple[str, str], ...]] = {}
    for project, (version, package) in prefix.projects.items():
        installed[package] = (*installed.get(package, ()), (project, version))
    replaced = frozenset(each.conda.name for each in prefix.replaced)
    return identify(prefix.packages, installed, mapped, replaced)


def _identities(
    package: Package,
    installed: Installed | None,
    mapped: Callable[[str], tuple[str, ...]] | None,
    is_replaced: bool,  # noqa: FBT001
) -> Iterator[Identity]:
    if not package.version:
        return
    if package.manager == "pypi":
        how = "lock" if installed is None else "dist-info"
        yield Identity(PYPI, normalized(package.name), package.version, how)
        return
    product = product_of(package.name)
    if not is_replaced:
        yield from _projects(package, installed, mapped, is_native=product is not None)
    if product is not None:
        version = product_version(product.name, package.version)
        yield Identity(NATIVE, product.name, version, "native table")


def _projects(
    package: Package,
    installed: Installed | None,
    mapped: Callable[[str], tuple[str, ...]] | None,
    *,
    is_native: bool,
) -> Iterator[Identity]:
    """What is on disk, else what the record says, else what a map of names says."""
    if installed and package.name in installed:
        for project, version in installed[package.name]:
            yield Identity(PYPI, project, version or package.version, "dist-info")
    elif told := dict(map(_named, (p for p in package.purls if p.startswith(_PURL)))):
        for project, version in told.items():
            yield Identity(PYPI, project, version or package.version, "purl")
    elif not is_native:
        names = (mapped(package.name) if mapped else ()) or (project_of(package.name),)
        for project in filter(None, names):
            yield Identity(PYPI, project, package.version, "name map")


def _named(purl: str) -> tuple[str, str]:
    """The project and the version, if any, of a package URL of the type pypi."""
    name, _, version = purl.removeprefix(_PURL).partition("?")[0].partition("#")[0].partition("@")
    return normalized(unquote(name)), unquote(version)


def product_version(product: str, version: str) -> str:
    """The product's own version of a conda version, where conda has to write it otherwise.

    Conda allows no dash in a version, and counts an epoch where a project starts anew.
    """
    plain = _EPOCH.sub("", version, count=1) if _EPOCH.match(version) else version
    if product == "llama.cpp" and (build := _BUILD_OF_LLAMA.fullmatch(plain)):
        return f"b{build[1]}"
    return plain.replace("_", "-")
