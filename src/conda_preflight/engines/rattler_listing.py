"""What channels list now of some packages, by py-rattler's gateway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from conda_preflight.engines.rattler_records import package
from conda_preflight.solving.listing import Listing

if TYPE_CHECKING:
    from rattler import Gateway


async def listing(gateway: Gateway, channel: str, subdir: str, names: frozenset[str]) -> Listing:
    """The records of these names in one subdir; raises what the gateway raises.

    A channel is known by its noarch, which each has; any other subdir may be missing.
    """
    from rattler import Channel

    subdirs: Iterable[Any] = dict.fromkeys((subdir, "noarch"))
    found = await gateway.query([Channel(channel)], subdirs, sorted(names), recursive=False)
    here = [each for group in found for each in group if each.subdir == subdir]
    removed = (each.file_name for group in found.removed for each in group)
    return Listing({each.file_name: package(each, subdir) for each in here}, frozenset(removed))
