"""Package URLs: of a package, and of the PyPI projects that a conda record says it brings.

Source: https://github.com/package-url/purl-spec, types ``conda`` and ``pypi``.
"""

from __future__ import annotations

from urllib.parse import quote

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized

_PYPI = "pkg:pypi/"


def pypi_projects(package: Package) -> tuple[str, ...]:
    """The normalized names of the projects in a package's own purls, each once, in their order."""
    told = (purl.removeprefix(_PYPI) for purl in package.purls if purl.startswith(_PYPI))
    return tuple(dict.fromkeys(normalized(p.partition("@")[0].partition("?")[0]) for p in told))


def purl_of(package: Package) -> str:
    """The package URL of a package; of conda's with build, channel and subdir, where known."""
    kind = "conda" if package.manager == "conda" else "pypi"
    name = package.name if kind == "conda" else normalized(package.name)
    version = f"@{_quoted(package.version)}" if package.version else ""
    told = {"build": package.build, "channel": package.channel, "subdir": package.subdir}
    known = {key: value for key, value in told.items() if value and kind == "conda"}
    rest = "&".join(f"{key}={_quoted(value)}" for key, value in known.items())
    return f"pkg:{kind}/{_quoted(name)}{version}{'?' if rest else ''}{rest}"


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="-._~")
