"""Installs verified archives into a prefix, by py-rattler in a process of its own."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from conda_preflight.engines import clean_process
from conda_preflight.engines.archive_contents import Contents
from conda_preflight.engines.archives import Told, verify
from conda_preflight.engines.download import full, is_full
from conda_preflight.engines.rattler_link import MARK
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from conda_preflight.engines.rattler_link import main; main()"
)


class LinkError(PreflightError):
    """The packages are not in the prefix, or not all of them."""


@document_type
class Order:
    """What to install and how.

    ``final`` is the path that the files name as their prefix, when it is not where they are
    put; ``requested`` are specs by package name; ``scratch`` is for unpacking, on the file
    system of the prefix, and emptied here.
    """

    packages: tuple[Contents, ...]
    platform: str
    scratch: Path
    link_scripts: bool = False
    requested: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 1800.0


def install(order: Order, prefix: Path, final: Path, told: Told) -> None:
    """Install into an empty prefix, after every digest was compared once more.

    Archives are unpacked anew each time, so that nobody's unpacked copy is trusted, and two
    prefixes share no file. Raises FetchError, LinkError.
    """
    for contents in order.packages:
        verify(contents.archive)
    home = order.scratch / "home"
    home.mkdir(parents=True)
    failures: list[str] = []

    def hear(line: bytes) -> None:
        event = _event(line)
        if "linked" in event:
            told(int(event["linked"]), len(order.packages))
        if "error" in event:
            failures.append(str(event["error"]))

    try:
        ended = clean_process.run(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)],
            clean_process.environment(home),
            home,
            order.seconds,
            stdin=_text(order, prefix, final),
            lifeline=True,
            on_line=hear,
        )
    finally:
        shutil.rmtree(order.scratch, ignore_errors=True)
    if ended.code or ended.late or failures:
        raise _failed(failures, ended)


def _event(line: bytes) -> dict[str, str]:
    if not line.startswith(MARK):
        return {}
    try:
        found = json.loads(line[len(MARK) :])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(order: Order, prefix: Path, final: Path) -> bytes:
    whole = {
        "prefix": str(prefix),
        "final": str(final) if final != prefix else None,
        "scratch": str(order.scratch / "unpacked"),
        "platform": order.platform,
        "scripts": order.link_scripts,
        "packages": [_row(contents, order.requested) for contents in order.packages],
    }
    return json.dumps(whole).encode() + b"\n"


def _row(contents: Contents, requested: Mapping[str, str]) -> dict[str, object]:
    archive = contents.archive
    package = archive.package
    spec = requested.get(package.name)
    url = package.url if "://" in package.url else archive.file.resolve().as_uri()
    url = redact(url)
    folder, _, name = url.partition("#")[0].rpartition("/")
    return {
        "file": str(archive.file.resolve()),
        "index": contents.index,
        "url": url,
        "name": name,
        "channel": folder.rpartition("/")[0],
        "sha256": package.sha256,
        "md5": package.md5,
        "size": package.size or archive.file.stat().st_size,
        "depends": list(package.depends),
        "requested": [spec] if spec else [],
    }


def _failed(failures: Sequence[str], ended: clean_process.Ended) -> PreflightError:
    text = "; ".join(failures) or ended.output[-300:]
    if is_full(text):
        return full()
    if ended.late:
        return LinkError(f"The packages were not linked: {ended.reason}", "Give more --seconds.")
    lines = [line.strip() for line in redact(text).splitlines() if line.strip()]
    why = "; ".join(lines)[:600] or ended.reason
    return LinkError(f"The packages cannot be installed: {why}")
