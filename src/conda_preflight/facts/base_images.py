"""Public base images that bring Python or conda but no files of anybody's project.

Source: the descriptions of these repositories on Docker Hub, quay.io, nvcr.io and ghcr.io.
"""

from __future__ import annotations

_OFFICIAL = frozenset(
    (
        *("almalinux", "alpine", "amazonlinux", "archlinux", "buildpack-deps", "busybox"),
        *("centos", "debian", "fedora", "opensuse", "oraclelinux", "python", "rockylinux"),
        *("scratch", "ubuntu"),
    )
)
_MIRRORED = _OFFICIAL | {"miniconda", "miniconda3", "miniforge3", "mambaforge", "micromamba"}
_OWNERS = frozenset(
    (
        *("anaconda", "conda", "condaforge", "continuumio", "mambaorg", "prefix-dev"),
        *("nvidia", "pytorch", "tensorflow", "rocm", "library", "jupyter", "astral-sh"),
    )
)
_ONLY_BASE = frozenset(("condaforge", "continuumio", "mambaorg", "nvidia", "library"))


def is_plain(image: str) -> bool:
    """Whether the image is a well-known one, without a project's files and without ONBUILD."""
    owner, name = _parts(image)
    return owner in _OWNERS or (not owner and name in _OFFICIAL) or _is_mirrored(image, name)


def has_only_base(image: str) -> bool:
    """Whether the image is a well-known one without environments besides ``base``."""
    owner, name = _parts(image)
    return owner in _ONLY_BASE or (not owner and name in _OFFICIAL) or _is_mirrored(image, name)


def _is_mirrored(image: str, name: str) -> bool:
    """A well-known image by way of a registry: ``docker.example.org/debian:12``."""
    host = image.partition("/")[0]
    return image.count("/") == 1 and "." in host and name in _MIRRORED


def _parts(image: str) -> tuple[str, str]:
    """``("nvidia", "cuda")`` for ``docker.io/nvidia/cuda:12.1.0-base@sha256:...``."""
    *folders, name = image.lower().partition("@")[0].split("/")
    return "".join(folders[-1:]), name.partition(":")[0]
