"""Fixtures for pytest: ``pytest_plugins = ["conda_preflight.testing.channel.fixtures"]``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from conda_preflight.testing.channel.index import Record
from conda_preflight.testing.channel.synthetic import write_channel, write_installable_channel


class MakeChannel(Protocol):
    """Writes a channel of these records into a directory of that name, and returns it."""

    def __call__(
        self, *records: Record, name: str = "channel", platforms: tuple[str, ...] = ("linux-64",)
    ) -> Path:
        """Each platform and noarch has repodata, were it empty."""
        ...


@pytest.fixture
def synthetic_channel(tmp_path: Path) -> MakeChannel:
    """Channels that can be solved but not installed, below ``tmp_path``."""

    def make(
        *records: Record, name: str = "channel", platforms: tuple[str, ...] = ("linux-64",)
    ) -> Path:
        return write_channel(tmp_path / name, records, platforms=platforms)

    return make


@pytest.fixture
def installable_channel(tmp_path: Path) -> MakeChannel:
    """Channels whose packages exist, each with one file ``share/NAME.txt``."""

    def make(
        *records: Record, name: str = "channel", platforms: tuple[str, ...] = ("linux-64",)
    ) -> Path:
        return write_installable_channel(tmp_path / name, records, platforms=platforms)

    return make
