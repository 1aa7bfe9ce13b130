"""Questions about channels of a test, and what the solver makes of them."""

from __future__ import annotations

from pathlib import Path

from conda_preflight.documents import Location, VirtualPackage
from conda_preflight.facts.virtual_packages import DEFAULTS
from conda_preflight.solving.question import Question, Tier

SECONDS = 30.0


def machine(platform="linux-64", **versions):
    """The defaults of a platform with others over them; ``cuda="12.4"`` is ``__cuda``."""
    stated = {name: (version, build) for name, version, build in DEFAULTS[platform]}
    stated |= {f"__{name}": (version, "0") for name, version in versions.items()}
    return tuple(
        VirtualPackage(name, version, build, platform, Location(""))
        for name, (version, build) in sorted(stated.items())
    )


def tier(channel):
    """A channel by path or address, with its last part as the name."""
    url = channel.as_uri() if isinstance(channel, Path) else channel
    return Tier((url,), url.rpartition("/")[2])


def ask(*specs, channels, platform="linux-64", virtual=None, **more):
    return Question(
        platform=platform,
        specs=tuple(specs),
        tiers=tuple(tier(channel) for channel in channels),
        virtual_packages=machine(platform) if virtual is None else virtual,
        **more,
    )


def versions(answer):
    """The solved packages as ``name=version``, by name."""
    return [f"{p.name}={p.version}" for p in answer.packages]
