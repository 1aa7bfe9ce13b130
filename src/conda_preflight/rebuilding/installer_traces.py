"""Takes away what an installer notes in a prefix about this machine and this moment."""

from __future__ import annotations

from pathlib import Path

_TRACE = "uv_cache.json"
"""When uv saw a local wheel; it decides by it whether to install once more. Source: uv's
``uv-cache-info``, https://github.com/astral-sh/uv."""


def remove(prefix: Path) -> None:
    """Delete the notes of uv, and their lines in the lists of installed files."""
    for file in sorted(prefix.glob(f"lib/python*/site-packages/*.dist-info/{_TRACE}")):
        file.unlink()
        record = file.with_name("RECORD")
        lead = f"{file.parent.name}/{_TRACE},"
        lines = record.read_text("utf-8").splitlines(keepends=True)
        record.write_text("".join(x for x in lines if not x.startswith(lead)), "utf-8")
