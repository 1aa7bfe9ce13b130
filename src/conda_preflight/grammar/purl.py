"""Package URLs: the PyPI projects that a conda record says it brings.

Source: https://github.com/package-url/purl-spec, type ``pypi``.
"""

from __future__ import annotations

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized

_PYPI = "pkg:pypi/"


def pypi_projects(package: Package) -> tuple[str, ...]:
    """The normalized names of the projects in a package's own purls, each once, in their order."""
    told = (purl.removeprefix(_PYPI) for purl in package.purls if purl.startswith(_PYPI))
    return tuple(dict.fromkeys(normalized(p.partition("@")[0].partition("?")[0]) for p in told))
