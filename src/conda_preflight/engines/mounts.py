"""What a file system does with access times, and whether its files can share blocks."""

from __future__ import annotations

import os
from pathlib import Path

from conda_preflight.plain import value_type

_MAX = 4 * 1024 * 1024
_AWAY = ("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "lustre", "fuse", "gpfs", "beegfs")
_SHARING = ("btrfs", "xfs", "zfs", "bcachefs", "ocfs2")


@value_type
class Mount:
    """``kind`` is as the kernel names it; ``keeps_access`` is whether reads are recorded here.

    A file system of another machine keeps access times by its own rules, so they are not counted.
    """

    kind: str = ""
    keeps_access: bool = False

    @property
    def can_share(self) -> bool:
        """Whether copies of a file may hold the same blocks."""
        return self.kind in _SHARING


UNKNOWN = Mount()


class Mounts:
    """The mounted file systems by their device and by their place."""

    def __init__(self, table: str = "/proc/self/mountinfo") -> None:
        self._by_device: dict[str, Mount] = {}
        self._by_point: dict[str, Mount] = {}
        try:
            with Path(table).open("rb") as stream:
                text = os.fsdecode(stream.read(_MAX))
        except OSError:
            text = ""
        for line in text.split("\n"):
            self._take(line)

    def _take(self, line: str) -> None:
        """``ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS] - KIND SOURCE OPTIONS`` (proc(5))."""
        left, found, right = line.partition(" - ")
        fields, kind = left.split(" "), right.partition(" ")[0]
        if not found or len(fields) < 6:  # noqa: PLR2004  (up to the options)
            return
        is_away = kind.partition(".")[0] in _AWAY
        options = fields[5].split(",")
        keeps = not is_away and "noatime" not in options and "ro" not in options
        before = self._by_device.get(fields[2])
        mount = Mount(kind, keeps and (before is None or before.keeps_access))
        self._by_device[fields[2]] = self._by_point[fields[4]] = mount

    def of(self, path: str, device: int) -> Mount:
        """The file system of a path; subvolumes have a device number that the table lacks."""
        known = self._by_device.get(f"{os.major(device)}:{os.minor(device)}")
        while known is None and path not in ("", "/"):
            known = self._by_point.get(path)
            path = os.path.dirname(path)  # noqa: PTH120  (a text of the table)
        return known or self._by_point.get("/", UNKNOWN)
