"""What several things weigh together: a file with several names is there once."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.cleaning.found import Shared, Usage


def together(usages: Iterable[Usage]) -> Usage:
    """The usage of all of them as one: what frees nothing alone may be freed together."""
    known = list(usages)
    met: dict[tuple[int, int], tuple[int, int, int]] = {}
    for each in known:
        for device, inode, seen, links, size in each.shared:
            before = met.get((device, inode))
            met[device, inode] = (seen + before[0] if before else seen, links, size)
    own, in_all, left = sum(each.own for each in known), 0, Shared()
    for (device, inode), (seen, links, size) in met.items():
        in_all += size
        if seen < links:
            left.add(device, inode, seen, links, size)
        else:
            own += size
    alone = sum(each.own for each in known)
    files, closed = sum(each.files for each in known), sum(each.closed for each in known)
    return Usage(files, alone + in_all, own, left, closed=closed)
