"""A program of its own that installs packages with py-rattler: ``main`` is its beginning.

It runs apart because link scripts inherit the environment of the process that installs, and
because the library stops a whole process at some faults. It reads an order as JSON and
says what it does in lines that begin with MARK.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rattler import RepoDataRecord

MARK = b"\x1e"
_LEFT_OUT = ("extracted_package_dir", "package_tarball_full_path", "link")
"""Keys of a record that name a place which is gone after the installation."""


def main() -> NoReturn:
    """Install what the first line of stdin orders, and end; also when who ordered it has ended."""
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = 0
    try:
        asyncio.run(_install(order))
        _rewrite(Path(order["prefix"]), order["packages"])
    except Exception as error:  # noqa: BLE001  (whatever failed, the parent tells it)
        _say({"error": str(error) or type(error).__name__})
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # its threads must not be waited for


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _say(event: dict[str, object]) -> None:
    os.write(1, MARK + json.dumps(event).encode() + b"\n")


class _Reporter:
    """What the library calls back; it looks for these names."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._linked = 0
        self._scripts: list[str] = []

    def on_link_complete(self, index: int) -> None:  # noqa: ARG002  (the library's signature)
        with self._lock:
            self._linked += 1
            _say({"linked": self._linked})

    def on_post_link_start(self, package_name: str, script_path: str) -> int:  # noqa: ARG002
        self._scripts.append(package_name)
        return len(self._scripts) - 1

    def on_post_link_complete(self, index: int, success: bool) -> None:  # noqa: FBT001
        if not success:
            _say({"error": f"the link script of {self._scripts[index]} failed"})


async def _install(order: dict[str, Any]) -> None:
    from rattler import Platform, install
    from rattler.install import InstallerReporter

    class Reporter(_Reporter, InstallerReporter):
        pass

    with tempfile.TemporaryDirectory() as scratch:
        records = [
            _record(row, Path(scratch, f"{n}.json")) for n, row in enumerate(order["packages"])
        ]
    await install(
        records,
        order["prefix"],
        cache_dir=Path(order["scratch"]),
        installed_packages=[],
        platform=Platform(order["platform"]),
        execute_link_scripts=order["scripts"],
        show_progress=False,
        reporter=Reporter(),  # type: ignore[abstract]  # all have a body there
        alternative_target_prefix=order["final"],
    )


def _record(row: dict[str, Any], file: Path) -> RepoDataRecord:
    """The record of an archive by its own index, with what the lock knows better."""
    from rattler import PackageRecord, RepoDataRecord

    file.write_text(json.dumps(row["index"]), encoding="utf-8")
    made = PackageRecord.from_index_json(
        file, row["size"], row["sha256"] or None, row["md5"] or None
    )
    if row["depends"]:
        made.depends = row["depends"]  # channels mend what a package needs after it was built
    path = Path(row["file"])
    return RepoDataRecord(made, path.name, path.as_uri(), row["channel"])


def _rewrite(prefix: Path, packages: list[dict[str, Any]]) -> None:
    """Let the records in conda-meta say where packages really came from, and why."""
    for row in packages:
        index = row["index"]
        stem = f"{index['name']}-{index['version']}-{index['build']}"
        file = prefix / "conda-meta" / f"{stem}.json"
        record = json.loads(file.read_bytes())
        for key in _LEFT_OUT:
            record.pop(key, None)
        record |= {"url": row["url"], "channel": row["channel"], "fn": row["name"]}
        record["requested_specs"] = row["requested"]
        text = json.dumps(record, indent=2, ensure_ascii=False)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
