"""Options of the test suite."""

from __future__ import annotations

import os

import hypothesis
import pytest

pytest_plugins = ["conda_preflight.testing.channel.fixtures"]

hypothesis.settings.register_profile("full", max_examples=2500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the code says now into the golden files, to be reviewed as a diff",
    )
