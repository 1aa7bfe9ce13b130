"""A solver and installer for the channels made here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("rattler_run.py")


@pytest.fixture
def rattler(tmp_path):
    """Solves specs on channels: name, version, subdir, channel and size of each package.

    Installs them when a prefix is given. Raises RuntimeError with what the library says.
    """

    def run(channels, specs, prefix=None, platforms=("linux-64", "noarch")):
        asked = {
            "channels": [c.as_uri() if isinstance(c, Path) else c for c in channels],
            "specs": specs,
            "platforms": platforms,
            "cache": str(tmp_path / "cache"),
            "prefix": str(prefix) if prefix else None,
        }
        done = subprocess.run(
            [sys.executable, PROGRAM],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    return run
