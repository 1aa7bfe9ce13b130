"""Options of the test suite."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["conda_preflight.testing.channel.fixtures"]

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background
os.environ["CONDA_PREFLIGHT_LEDGER"] = "off"  # no test writes in the ledger of who runs it
os.environ["CONDA_PREFLIGHT_LANG"] = "en"  # whatever the locale of who runs it

hypothesis.settings.register_profile("full", max_examples=2500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


THINNED = {"test_change": 3, "test_harmless": 3, "test_untouched": 4}
"""Tests of one kind by the dozen, a second each: make test runs every so manieth of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seen: dict[str, int] = {}
    for item in items:
        name = getattr(item, "originalname", "")
        if item.path.parent.name == "mutations" and name in THINNED:
            seen[name] = seen.get(name, -1) + 1
            if seen[name] % THINNED[name]:
                item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the code says now into the golden files, to be reviewed as a diff",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a golden file, or writes it under ``--update-golden``."""

    def compare(name: str, text: str) -> None:
        file = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            file.write_bytes(text.encode("utf-8"))
        assert text.encode("utf-8") == file.read_bytes(), f"{name}: see --update-golden"

    return compare
