"""Fixtures for pytest: ``pytest_plugins = ["conda_preflight.testing.channel.fixtures"]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

import pytest

from conda_preflight.testing.channel.index import Record
from conda_preflight.testing.channel.real import cached_channel
from conda_preflight.testing.channel.synthetic import write_channel, write_installable_channel

REAL = ("numpy==2.*", "pip", "requests==2.*")
"""What the channel of ``real_channel`` holds besides Python, with all that it needs."""


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


@pytest.fixture(scope="session")
def real_channel() -> Path:
    """A channel of the running interpreter, numpy, requests and pip; it must not be changed.

    Made once and kept in the user's cache; the first time, pip downloads the wheels.
    """
    if sys.platform != "linux":
        pytest.skip("the interpreter can only be packaged on Linux")
    return cached_channel(REAL)
