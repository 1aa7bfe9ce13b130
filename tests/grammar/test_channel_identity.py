"""Channels under other names."""

from __future__ import annotations

import pytest

from conda_preflight.grammar.channel_identity import among, same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("conda-forge", "conda-forge"),
        ("conda-forge", "anaconda/cloud/conda-forge"),
        ("defaults", "pkgs/main"),
        ("pkgs/r", "defaults"),
        ("main", "pkgs/main"),
        ("defaults", "anaconda/pkgs/main"),
    ],
)
def test_same(one, other):
    assert same(one, other)
    assert among(other, ["x", one])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("conda-forge", "conda-f0rge"),
        ("conda-forge", "my-conda-forge"),
        ("conda-forge", "conda-forge/label/broken"),
        ("defaults", "conda-forge"),
        ("defaults", "anaconda"),
    ],
)
def test_not_same(one, other):
    assert not same(one, other)
