"""Selectors and markers: what they say of a platform that is not this machine."""

from __future__ import annotations

import pytest

from conda_preflight.grammar import marker, selector


@pytest.mark.parametrize(
    ("text", "platform", "expected"),
    [
        ("linux", "linux-64", True),
        ("linux", "osx-64", False),
        ("unix", "osx-arm64", True),
        ("unix", "win-64", False),
        ("win64", "win-64", True),
        ("linux64", "linux-aarch64", False),
        ("arm64", "osx-arm64", True),
        ("not win", "linux-64", True),
        ("!win", "win-64", False),
        ("linux or osx", "osx-64", True),
        ("linux and x86_64", "linux-64", True),
        ("linux and aarch64", "linux-64", False),
        ("optional", "linux-64", None),
        ("linux and gpu", "linux-64", None),
        ("(linux or osx) and x86_64", "linux-64", None),
        ("linux", "", None),
        ("not", "linux-64", None),
    ],
)
def test_selector(text, platform, expected):
    assert selector.holds(text, platform) is expected


@pytest.mark.parametrize(
    ("text", "platform", "python", "expected"),
    [
        ("sys_platform == 'win32'", "win-64", "3.11.9", True),
        ("sys_platform == 'win32'", "linux-64", "3.11.9", False),
        ("platform_machine == 'arm64'", "osx-arm64", "3.11.9", True),
        ("python_version < '3.10'", "linux-64", "3.9.1", True),
        ("extra == 'test'", "linux-64", "3.11.9", False),
        ("platform_release > '5'", "linux-64", "3.11.9", None),
        ("python_version <", "linux-64", "3.11.9", None),
        ("sys_platform == 'win32'", "linux-64", "", None),
    ],
)
def test_marker(text, platform, python, expected):
    assert marker.holds(text, platform, python) is expected
