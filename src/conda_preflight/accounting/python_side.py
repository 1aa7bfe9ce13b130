"""What of a prefix its Python cannot import, told from paths alone."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents.accounts import ABI, PYTHON, Deviation
from conda_preflight.documents.inventory import Inventory, Owner
from conda_preflight.grammar.extension_tag import is_for, stem

_LIBRARY = "lib/python"


def python_side(inventory: Inventory) -> Iterator[Deviation]:
    """Extension modules and packages of another Python; nothing where there is no Python."""
    if inventory.python:
        threads = "t" if any(map(_is_threaded, inventory.owners)) else ""
        for owner in inventory.owners:
            if not owner.replaced_by:
                yield from _modules(owner, inventory.python, threads)
        yield from _sites(inventory)


def _is_threaded(owner: Owner) -> bool:
    package = owner.package
    return package.manager == "conda" and package.name == "python" and package.build.endswith("t")


def _modules(owner: Owner, python: str, threads: str) -> Iterator[Deviation]:
    paths = (f.path for f in owner.files if f.path.startswith(_LIBRARY) and f.path.endswith(".so"))
    judged = [(path, is_for(path, python, threads)) for path in paths]
    here = {stem(path) for path, fits in judged if fits}
    for path, fits in judged:
        if fits is False and stem(path) not in here:
            yield Deviation(ABI, path, owner.package.name, owner.record, python)


def _sites(inventory: Inventory) -> Iterator[Deviation]:
    """Packages in the folders of other versions."""
    mine = ".".join(inventory.python.split(".")[:2])
    for site in inventory.site_packages:
        folder = site.split("/")[1] if site.startswith(_LIBRARY) else ""
        other = folder.removeprefix("python").rstrip("t")
        if not other.startswith("3") or other == mine:
            continue
        lead = f"{site}/"
        for owner in inventory.owners:
            is_there = owner.record.startswith(lead)
            if is_there or any(file.path.startswith(lead) for file in owner.files):
                yield Deviation(PYTHON, site, owner.package.name, owner.record, other)
