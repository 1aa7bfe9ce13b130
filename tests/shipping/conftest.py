"""A clean checkout, from which everything that is shipped is made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A clone: nothing but what is committed."""
    folder = tmp_path_factory.mktemp("shipping") / "checkout"
    subprocess.run(["git", "clone", "-q", Path(__file__).parents[2], folder], check=True)
    return folder
