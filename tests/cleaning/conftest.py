"""Homes with caches and environments, as fixtures."""

from __future__ import annotations

import os
import sys

import pytest
from clean_machine import Machine, empty_environment

from conda_preflight.testing.channel.real import write_real_channel


@pytest.fixture
def at_home(monkeypatch, capsys):
    """Makes a home the one of this process."""

    def enter(home):
        made = Machine(home, capsys)
        home.mkdir(parents=True, exist_ok=True)
        for key in set(os.environ) - set(made.environ):
            monkeypatch.delenv(key)
        for key, value in made.environ.items():
            monkeypatch.setenv(key, value)
        monkeypatch.chdir(home)
        return made

    return enter


@pytest.fixture
def machine(tmp_path, at_home):
    """A home with nothing in it but an installation of conda."""
    made = at_home(tmp_path / "home")
    empty_environment(made.root)
    (made.root / "pkgs").mkdir()
    (made.root / "envs").mkdir()
    (made.root / "condabin").mkdir()
    made.registry.parent.mkdir()
    return made


@pytest.fixture(scope="session")
def python_channel(tmp_path_factory):
    """A channel of the running interpreter."""
    if sys.platform != "linux":
        pytest.skip("the interpreter can only be packaged on Linux")
    return write_real_channel(tmp_path_factory.mktemp("channel"), ())
