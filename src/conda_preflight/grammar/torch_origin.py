"""Which channel conda takes pytorch from.

Source: conda's documentation of channel priority: the first channel that has a fitting release.
"""

from __future__ import annotations

from conda_preflight.documents import Manifest
from conda_preflight.facts.cuda import LAST_IN_CHANNEL, NOT_IN_CONDA_FORGE
from conda_preflight.facts.frameworks import FUTURE, torch_releases
from conda_preflight.grammar.asked import Asked
from conda_preflight.grammar.channel import channel_name, is_licensed
from conda_preflight.grammar.conda_version import matches
from conda_preflight.pattern import lazy_pattern

_CHANNEL_BUILD = lazy_pattern(r"py\d\.\d+_(?:cuda\d|cpu_)")
_FORGE_BUILD = lazy_pattern(r"\*?cuda\d{2,3}(?:_|py|\*|$)|cpu_(?:generic|mkl)")
_NAMES = ("pytorch", "conda-forge", "pytorch-nightly", "pytorch-test")


def origin(manifest: Manifest, pytorch: Asked) -> str:
    """``pytorch``, ``conda-forge``, ``defaults``, or ``other`` where that cannot be told."""
    if pytorch.channel:
        return _kind(channel_name(pytorch.channel))
    if _CHANNEL_BUILD.match(pytorch.build):
        return "pytorch"
    if _FORGE_BUILD.match(pytorch.build):
        return "conda-forge"
    kinds = [_kind(channel.name) for channel in manifest.channels if channel.name != "nodefaults"]
    serving = [kind for kind in kinds or ["defaults"] if kind and _serves(kind, pytorch)]
    return serving[0] if serving else "other"


def _kind(name: str) -> str:
    """The channel behind a name, a mirror or a label; empty for one without a pytorch."""
    parts = name.split("/")
    found = next((known for known in _NAMES if known in parts), "")
    if found in ("pytorch", "conda-forge"):
        return found if "label" not in parts else "other"
    if found:
        return "other"
    if is_licensed(name):
        return "defaults"
    return "" if "/" not in name or parts[0] == "nvidia" else "other"


def _serves(kind: str, pytorch: Asked) -> bool:
    if kind == "pytorch":
        releases = [
            row.version for row in torch_releases() if matches(f"<={LAST_IN_CHANNEL}", row.version)
        ]
        return bool(pytorch.of(releases)) or not pytorch.of(
            [row.version for row in torch_releases()]
        )
    if kind == "conda-forge":
        known = [row.version for row in torch_releases() if row.version not in NOT_IN_CONDA_FORGE]
        return bool(pytorch.of([*known, FUTURE]))
    return True
