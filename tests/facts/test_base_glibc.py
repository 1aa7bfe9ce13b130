"""The C library of base images, by their names."""

from __future__ import annotations

import pytest

from conda_preflight.facts.base_glibc import base_glibc


@pytest.mark.parametrize(
    ("image", "tag", "glibc"),
    [
        ("debian", "12-slim", "2.36"),
        ("debian", "12.7-slim", "2.36"),
        ("debian", "bookworm-slim", "2.36"),
        ("docker.io/library/ubuntu", "22.04", "2.35"),
        ("ubuntu", "jammy-20240808", "2.35"),
        ("python", "3.11-slim-bookworm", "2.36"),
        ("python", "3.11-slim", ""),
        ("python", "3.11-alpine", "musl"),
        ("alpine", "3.20", "musl"),
        ("nvidia/cuda", "12.1.0-base-ubuntu22.04", "2.35"),
        ("nvidia/cuda", "11.8.0-cudnn8-devel-rockylinux8", "2.28"),
        ("nvidia/cuda", "12.1.0-base-ubi9", ""),
        ("registry.example.org/ubi9", "9.4", "2.34"),
        ("amazonlinux", "2023", "2.34"),
        ("amazonlinux", "2", "2.26"),
        ("somebody/service", "12", ""),
        ("somebody/service", "latest", ""),
    ],
)
def test_glibc(image, tag, glibc):
    assert base_glibc(image, tag) == glibc
