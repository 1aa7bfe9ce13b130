"""Locks as texts, and installations as values, made from a few words a package."""

from __future__ import annotations

from conda_preflight.documents import Location, Package
from conda_preflight.grammar.conda_url import build_number
from conda_preflight.installation import Ask, Installation, Place

NOWHERE = Location("conda-lock.yml", 1, 1)


def package(name, version="1.0", *depends, manager="conda", build="h0_0", **more):
    more = {"channel": "conda-forge"} | more if manager == "conda" else more
    build = build if manager == "conda" else ""
    number = build_number(build)
    return Package(manager, name, version, NOWHERE, build, number, depends=tuple(depends), **more)


def project(name, version="1.0", *depends, **more):
    return package(name, version, *depends, manager="pypi", **more)


def installed(*packages, asked=(), platform="linux-64", environment=""):
    place = "environment.yml:3"
    asks = tuple(Ask(m, n, f"{n}=1", place, tuple(extras)) for m, n, *extras in asked)
    return Installation(Place(environment, platform), packages, platform, asked=asks)


def conda_lock(*packages, platforms=("linux-64",), sources=("environment.yml",)):
    """A conda-lock.yml with the same packages on each platform."""
    head = ["version: 1", "metadata:", "  content_hash: {}", "  channels: [{url: conda-forge}]"]
    head += [f"  platforms: [{', '.join(platforms)}]", f"  sources: [{', '.join(sources)}]"]
    entries = [line for at in platforms for each in packages for line in _entry(each, at)]
    return "\n".join([*head, "package:", *entries]) + "\n"


def _entry(one, platform):
    conda = one.manager == "conda"
    file = f"{one.name}-{one.version}-{one.build}.conda"
    wheel = one.url or f"https://example.org/{one.name}-{one.version}-py3-none-any.whl"
    url = f"https://example.org/{one.channel}/{platform}/{file}" if conda else wheel
    yield f"- name: {one.name}"
    yield f"  version: {one.version!r}"
    yield f"  manager: {'conda' if conda else 'pip'}"
    yield f"  platform: {platform}"
    yield "  dependencies:" + ("" if one.depends else " {}")
    for need in one.depends:
        name, _, constraint = need.partition(" ")
        yield f"    {name}: {constraint!r}"
    yield f"  url: {url}"
    yield f"  hash: {{sha256: {one.sha256 or '0' * 64}}}"


def explicit(*packages, platform="linux-64"):
    """An explicit list of conda packages."""
    files = (f"{p.channel}/{platform}/{p.name}-{p.version}-{p.build}.conda" for p in packages)
    urls = (f"https://example.org/{file}#{'0' * 32}" for file in files)
    return "\n".join([f"# platform: {platform}", "@EXPLICIT", *urls]) + "\n"
