"""The modules of what was asked for, by the name that it was asked for by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conda_preflight.facts.names import normalized
from conda_preflight.rebuilding.modules import of_conda, of_pip


def declared_modules(
    prefix: Path, site: str, names: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """The top-level modules of packages (manager, name), empty where one has none."""
    conda, pip = of_conda(prefix, site), of_pip(prefix, site)
    return {
        name: conda.get(name, ()) if manager == "conda" else pip.get(normalized(name), ())
        for manager, name in names
    }
