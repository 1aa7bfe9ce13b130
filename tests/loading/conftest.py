"""A real prefix, installed from the test channel."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "testing" / "rattler_run.py"


@pytest.fixture(scope="session")
def real_prefix(real_channel, tmp_path_factory):
    """Python, numpy and what they need; it must not be changed."""
    folder = tmp_path_factory.mktemp("real")
    asked = {
        "channels": [real_channel.as_uri()],
        "specs": ["python", "numpy"],
        "platforms": ["linux-64", "noarch"],
        "cache": str(folder / "cache"),
        "prefix": str(folder / "env"),
    }
    subprocess.run([sys.executable, PROGRAM], input=json.dumps(asked), text=True, check=True)
    return folder / "env"
