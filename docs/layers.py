"""The layers of the import contract, for the page about the architecture."""

from __future__ import annotations

import tomllib
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[1] / "pyproject.toml"


def layers() -> str:
    """The layers as a block of text, the highest first."""
    contracts = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = (row.replace(" : ", " | ") for row in contracts["contracts"][0]["layers"])
    return "\n".join(["```text", *rows, "```"])
