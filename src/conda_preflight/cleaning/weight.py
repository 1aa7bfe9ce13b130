"""What several things weigh together: a file with several names is there once."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.cleaning.found import Inode, Shared, Usage


def together(usages: Iterable[Usage]) -> Usage:
    """The usage of all of them as one: what frees nothing alone may be freed together."""
    files, size, own, closed = 0, 0, 0, 0
    shared: dict[Inode, Shared] = {}
    outward: set[str] = set()
    for each in usages:
        files, closed = files + each.files, closed + each.closed
        size, own = size + each.own, own + each.own
        outward |= each.outward
        for inode, found in each.shared.items():
            before = shared.get(inode)
            seen = found.seen + (before.seen if before else 0)
            shared[inode] = Shared(seen, found.links, found.size)
    left = {inode: each for inode, each in shared.items() if each.seen < each.links}
    own += sum(each.size for inode, each in shared.items() if inode not in left)
    size += sum(each.size for each in shared.values())
    return Usage(files, size, own, left, outward=frozenset(outward), closed=closed)
