"""A program of its own that changes a prefix by hand, or by py-rattler, as another user.

It begins as who runs it, since that one's Python may be closed to others, and becomes the other
user before it does anything: ``{"user": [uid, gid] or null, "do": ..., "path": ...}`` on stdin.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_TEXT = "import sys\n"


def main() -> None:
    """Do what the first line of stdin orders; a refusal of the system ends it with code 1."""
    order = json.loads(sys.stdin.readline())
    if order["do"] == "link":
        import rattler
        import rattler.install  # noqa: F401  (what it needs must be there before)

        from conda_preflight.engines import rattler_link
    if order["user"]:
        user, group = order["user"]
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if order["do"] == "link":
        rattler_link.main()
    try:
        _DOING[order["do"]](Path(order["path"]))
    except OSError as error:
        sys.exit(f"{error.strerror}: {Path(order['path']).name}")


def _write(path: Path) -> None:
    path.write_text(_TEXT)


def _append(path: Path) -> None:
    with path.open("a") as stream:
        stream.write(_TEXT)


def _replace(path: Path) -> None:
    other = Path("other")
    other.write_text(_TEXT)
    os.replace(other, path)  # noqa: PTH105  (between two names, as mv does)


def _regain(path: Path) -> None:
    """What an owner can do on purpose: give himself the rights back."""
    path.parent.chmod(0o755)
    _write(path)


_DOING: dict[str, Any] = {
    "write": _write,
    "append": _append,
    "replace": _replace,
    "delete": Path.unlink,
    "regain": _regain,
}
