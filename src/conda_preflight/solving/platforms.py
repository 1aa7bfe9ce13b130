"""For which platforms a manifest is solved."""

from __future__ import annotations

from conda_preflight.documents import Host, Manifest
from conda_preflight.facts.platform_packages import fits
from conda_preflight.solving.site import lines

USUAL = ("linux-64", "win-64", "osx-arm64", "osx-64")
"""What is tried, in this order, where nobody says a platform."""


def platforms_of(
    manifest: Manifest, named: tuple[str, ...], host: Host | None = None
) -> tuple[str, ...]:
    """The platforms that somebody named, else the manifest's, else the target's, else a guess.

    The guess is the first usual platform that has all its packages: an export of a Windows
    machine is not judged on Linux.
    """
    found = named or tuple(name.text for name in manifest.platforms)
    if not found and host is not None:
        found = tuple(filter(None, [host.subdir]))
    return tuple(dict.fromkeys(found)) or (_guess(manifest),)


def _guess(manifest: Manifest) -> str:
    fitting = (
        platform
        for platform in USUAL
        if all(fits(spec.name, platform) for spec in lines(manifest, platform))
    )
    return next(fitting, USUAL[0])
