"""An installed environment as it was found."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.adopting.found import CONDA, PIP, Found, Key, Line
from conda_preflight.documents import Package, Prefix
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.reach import Graph

_FEW = 10
_SHORT = {"https://conda.anaconda.org/", "https://repo.anaconda.com/"}


def of_prefix(prefix: Prefix) -> Found:
    """Every package of it, who needs whom, and what its history says was asked for."""
    replaced = {each.conda.name for each in prefix.replaced}
    packages = [p for p in prefix.packages if p.manager == "pypi" or p.name not in replaced]
    graph = Graph(packages)
    told: list[str] = []
    lines = [line for package in packages if (line := _line(package, told))]
    needs = {_key(p): frozenset(_key(other) for other in graph.needs(p)) for p in packages}
    subdirs = (p.subdir for p in packages if p.subdir not in ("", "noarch"))
    return Found(
        lines=tuple(lines),
        channels=tuple(_channels(packages)),
        python=next((p.version for p in packages if p.name == "python"), ""),
        platforms=tuple(dict.fromkeys(subdirs))[:1],
        asked=_asked(prefix, packages),
        needs=needs,
        told=tuple(told),
    )


def _key(package: Package) -> Key:
    return CONDA if package.manager == "conda" else PIP, package.name


def _line(package: Package, told: list[str]) -> Line | None:
    if package.manager == "conda":
        text = f"{package.name}={package.version}"
        return Line(CONDA, package.name, text, package.version)
    if package.direct and package.url:
        if package.url.startswith(("file:", "/")):
            told.append(f"{package.name} is left out: it was installed from a folder of a machine")
            return None
        text = f"{package.name} @ {package.url}"
        return Line(PIP, package.name, text, package.version)
    return Line(PIP, package.name, f"{package.name}=={package.version}", package.version)


def _asked(prefix: Prefix, packages: list[Package]) -> dict[Key, str]:
    """What a person asked for; nothing where the environment was made from a list of all."""
    keys = {name: (half, name) for half, name in map(_key, reversed(packages))}
    asked = {keys[name]: spec for name, spec in prefix.requested.items() if name in keys}
    for half in (CONDA, PIP):
        here = [key for key in asked if key[0] == half]
        if len(here) > _FEW and len(here) == sum(1 for p in packages if _key(p)[0] == half):
            asked = {key: spec for key, spec in asked.items() if key[0] != half}
    return asked


def _channels(packages: list[Package]) -> Iterator[str]:
    """The channels of the packages, those of most packages first."""
    named = [_channel(p) for p in packages if p.manager == "conda" and p.channel]
    yield from sorted(dict.fromkeys(named), key=lambda name: (-named.count(name), name))


def _channel(package: Package) -> str:
    known = any(package.channel.startswith(host) for host in _SHORT)
    return (
        channel_name(package.channel) if known or "://" not in package.channel else package.channel
    )
