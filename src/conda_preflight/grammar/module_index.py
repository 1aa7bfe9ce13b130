"""Who owns which Python module in an installed environment, from the files in its records.

Source: Python's import system: a module is a file in site-packages, a folder with
``__init__`` a regular package; the name of an extension module ends at its first dot.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents.code import Modules
from conda_preflight.documents.inventory import Inventory, Owner
from conda_preflight.facts.names import normalized

_SUFFIXES = (".py", ".so", ".pyd", ".pyi", ".pyc")
_CACHE = "__pycache__/"


def index(inventory: Inventory) -> Modules:
    """The modules of all owners; what a package has replaced counts for the other one."""
    owners: dict[str, dict[str, None]] = {}
    packages: set[str] = set()
    elsewhere = False
    for owner in inventory.owners:
        names = (owner.package.name,) if owner.replaced_by else owner.projects
        called = dict.fromkeys(names or (normalized(owner.package.name),))
        elsewhere = elsewhere or owner.package.editable or bool(owner.unlisted)
        for name, is_package in _modules(owner, inventory.site_packages):
            owners.setdefault(name, {}).update(called)
            if is_package:
                packages.add(name)
        elsewhere = elsewhere or _adds_paths(owner, inventory.site_packages)
    return Modules(
        path=inventory.path,
        location=inventory.location,
        owners={name: tuple(found) for name, found in owners.items()},
        packages=frozenset(packages),
        unknown=elsewhere or bool(inventory.faults),
    )


def _modules(owner: Owner, sites: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """The dotted name of each module that is a file, and whether it is a regular package."""
    for file in owner.files:
        path = file.path
        if not path.endswith(_SUFFIXES) or _CACHE in path:
            continue
        inside = next((path[len(s) + 1 :] for s in sites if path.startswith(f"{s}/")), "")
        folder, _, base = inside.rpartition("/")
        stem = base.partition(".")[0]
        parts = [*folder.split("/"), stem] if folder else [stem]
        if not inside or not all(part.isidentifier() for part in parts):
            continue
        is_package = stem == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        if name:
            yield name, is_package and not base.endswith(".pyi")


def _adds_paths(owner: Owner, sites: tuple[str, ...]) -> bool:
    """Whether it puts other folders on Python's path; setuptools' own ``.pth`` does not."""
    names = (file.path for file in owner.files if file.path.endswith(".pth"))
    mine = (n.rpartition("/") for n in names)
    return any(f in sites and b != "distutils-precedence.pth" for f, _, b in mine)
