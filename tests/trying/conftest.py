"""Prefixes with small frameworks of the test's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


class FakePrefix:
    """A prefix whose Python is ours and whose packages are texts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        self.site = root / "lib" / name / "site-packages"
        self.site.mkdir(parents=True)
        (root / "bin").mkdir()
        base = Path(sys.base_prefix) / "bin" / name
        (root / "bin" / "python").symlink_to(base)
        (root / "pyvenv.cfg").write_text(
            f"home = {base.parent}\ninclude-system-site-packages = false\n"
        )

    def module(self, name: str, text: str) -> None:
        (self.site / f"{name}.py").write_text(text)

    def files(self) -> list[str]:
        return sorted(str(path) for path in self.root.rglob("*"))


@pytest.fixture
def prefix(tmp_path):
    return FakePrefix(tmp_path / "prefix")
