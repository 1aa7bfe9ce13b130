"""Environments whose flaws are known, matched."""

from __future__ import annotations

import pytest
from tests.advisories import truth

from conda_preflight.advisories.matching import match

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not truth.TRUTH.is_dir(), reason=f"{truth.TRUTH} is not there"),
]
ENVIRONMENTS = sorted(path.stem for path in truth.TRUTH.glob("env*.json"))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_flaw_is_told_and_hardly_any_other(environment: str) -> None:
    found = truth.flaws(environment)
    python = truth.measured(environment, "pypi", found)
    native = truth.measured(environment, "native", found)
    assert python.recall == 1.0
    assert python.precision >= 0.99
    assert native.recall >= 0.97
    assert native.precision >= 0.95


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_only_seems_to_apply_is_kept_with_its_reason(environment: str) -> None:
    found = truth.flaws(environment)
    doubted = {truth.row_of(flaw): flaw for flaw in found if flaw.state != "affected"}
    affected = {truth.row_of(flaw) for flaw in found if flaw.state == "affected"}
    weak = truth.expected(environment, "low_confidence_native")
    weak |= truth.expected(environment, "not_applicable")
    assert not weak & affected
    assert weak <= doubted.keys()
    assert all(flaw.reason for flaw in doubted.values())


def test_a_package_that_is_held_twice_is_matched_as_what_is_on_disk() -> None:
    """pip's Pillow over conda's: the wheel's own libwebp counts for the one and not the other."""
    conda = truth.identified(
        {"manager": "conda", "name": "pillow", "version": "10.0.0", "pypi": "pillow"}
        | {"upstream": None}
    )
    pip = truth.identified(
        {"manager": "pip", "name": "pillow", "version": "9.5.0", "pypi": "pillow"}
        | {"upstream": None}
    )
    states = {
        flaw.package.manager: flaw.state
        for flaw in match([conda, pip], truth.lookup)
        if "CVE-2023-4863" in flaw.ids
    }
    assert states == {"conda": "not applicable", "pypi": "affected"}
