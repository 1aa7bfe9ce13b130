"""Drivers and toolkits, by NVIDIA's tables."""

from __future__ import annotations

import pytest

from conda_preflight.fitting.driver import (
    Reach,
    branch_end,
    driver_cuda,
    forward_base,
    full_driver,
    least_driver,
    reach,
    supported_cuda,
)
from conda_preflight.fitting.numbers import numbers, reaches


@pytest.mark.parametrize(
    ("driver", "cuda"),
    [
        ("525.60.13", "12.0"),
        ("525.105", "12.0"),
        ("525", "12.0"),
        ("525.53", "11.8"),
        ("550.54.14", "12.4"),
        ("550.40", "12.3"),
        ("570.26", "12.8"),
        ("580", "13.0"),
        ("580.65.06", "13.0"),
        ("612.1", "13.3"),
        ("615.31", "13.4"),
        ("410.48", "10.0"),
        ("390.1", ""),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_the_cuda_of_a_driver(driver, cuda):
    assert driver_cuda(driver) == cuda


@pytest.mark.parametrize(
    ("driver", "built", "how"),
    [
        ("525.105", "11.8", Reach.FULL),
        ("525.105", "12.8", Reach.MINOR),
        ("525.60.11", "12.1", Reach.NONE),
        ("525.105", "13.0", Reach.NONE),
        ("450.80.02", "11.8", Reach.MINOR),
        ("450.51.06", "11.8", Reach.NONE),
        ("418.39", "10.2", Reach.NONE),
        ("440.33", "10.1", Reach.FULL),
        ("570.26", "12", Reach.FULL),
        ("580.65.06", "13.4", Reach.MINOR),
        ("620.10", "13.5", Reach.FULL),
        ("620.10", "14.0", Reach.NONE),
    ],
)
def test_a_driver_serves_what_a_toolkit_built(driver, built, how):
    assert reach(driver, "", built) is how


def test_windows_has_its_own_numbers():
    assert driver_cuda("528.33", "windows") == "12.0"
    assert reach("516.01", "", "12.4", "windows") is Reach.NONE
    assert reach("528.33", "", "12.4", "windows") is Reach.MINOR
    assert reach("580.88", "", "13.0", "windows") is Reach.FULL


def test_what_a_target_reports_counts_where_it_is_more():
    assert supported_cuda("540.4.0", "12.6") == "12.6"
    assert supported_cuda("580.65.06", "12.2") == "13.0"
    assert reach("", "12.2", "12.8") is Reach.MINOR
    assert reach("", "12.2", "13.0") is Reach.NONE


def test_drivers_that_would_do():
    assert least_driver("13.2") == "580.65.06"
    assert least_driver("12.9") == "525.60.13"
    assert least_driver("10.2") == "440.33"
    assert full_driver("12.8") == "570.26"
    assert full_driver("13.5") == ""


def test_branches():
    assert branch_end("535.129.03") == "2026-06"
    assert branch_end("580.95.05") == "2028-06"
    assert branch_end("525.105") == ""
    assert forward_base("570.26")
    assert not forward_base("525.105")


def test_versions_compare_as_far_as_they_are_stated():
    assert numbers("525.60.13-rc1") == (525, 60, 13)
    assert reaches((525,), (525, 60, 13))
    assert not reaches((525, 53), (525, 60, 13))
