"""Package URLs: of a package, and of the PyPI projects that a conda record says it brings.

Source: https://github.com/package-url/purl-spec, types ``conda`` and ``pypi``.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

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


def spellings(purl: str) -> tuple[str, ...]:
    """How a person may write the package: ``name``, ``name=version``, ``name=version=build``."""
    name, version, told = _parts(purl)
    build = told.get("build", "")
    found = (name, version, build) if version and build else (name, version)
    return tuple("=".join(found[:count]) for count in range(1, len(found) + 1) if found[count - 1])


def means(pattern: str, purl: str) -> bool:
    """Whether a package URL is what another one means: what the other does not tell may be any."""
    if pattern.partition(":")[2].partition("/")[0] != purl.partition(":")[2].partition("/")[0]:
        return False
    name, version, told = _parts(pattern)
    own_name, own_version, own = _parts(purl)
    same = name == own_name and version in ("", own_version)
    return same and all(own.get(key, value) == value for key, value in told.items())


def _parts(purl: str) -> tuple[str, str, dict[str, str]]:
    """Name, version and qualifiers; a name of PyPI normalized."""
    body, _, rest = purl.partition("#")[0].partition("?")
    kind, _, path = body.removeprefix("pkg:").partition("/")
    name, _, version = path.partition("@")
    pairs = (pair.partition("=") for pair in rest.split("&") if pair)
    plain = unquote(name)
    found = normalized(plain) if kind == "pypi" else plain.lower()
    return found, unquote(version), {key: unquote(value) for key, _, value in pairs}


def kind_of(purl: str) -> str:
    """The type of a package URL (``conda``, ``pypi``, ``npm`` ...), empty for another text."""
    lead, _, rest = purl.partition(":")
    return rest.lstrip("/").partition("/")[0].lower() if lead.lower() == "pkg" else ""


def file_purl(package: Package) -> str:
    """The package URL of a package with the kind of its file, where its address tells it."""
    url = package.url.partition("#")[0].partition("?")[0]
    kind = next((k for k in ("conda", "tar.bz2") if url.endswith(f".{k}")), "")
    purl = purl_of(package)
    if not kind or package.manager != "conda":
        return purl
    return f"{purl}{'&' if '?' in purl else '?'}type={kind}"


def told_by(purl: str) -> tuple[str, str, Mapping[str, str]]:
    """The name, the version and the qualifiers of a package URL of conda or of PyPI."""
    return _parts(f"pkg:{purl.partition(':')[2].lstrip('/')}")
