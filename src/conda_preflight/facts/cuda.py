"""CUDA toolkits, the packages that name one, and the builds that were ever made for each.

Sources: NVIDIA's CUDA toolkit release notes (table of toolkits and drivers); the indexes of the
conda channels pytorch and nvidia; pytorch/builder on GitHub (``conda/pytorch-cuda``,
``conda/pytorch-nightly``, branches 1.12 to 2.5); conda-forge/pytorch-cpu-feedstock and
conda-forge/cuda-version-feedstock; pytorch/pytorch ``RELEASE.md`` (release compatibility
matrix); https://pytorch.org/get-started/previous-versions/.
"""

from __future__ import annotations

from typing import TypeAlias

Toolkit: TypeAlias = tuple[int, int]
"""Major and minor number of a CUDA toolkit."""

_MINORS = {
    8: (0,),
    9: (0, 1, 2),
    10: (0, 1, 2),
    11: tuple(range(9)),
    12: (0, 1, 2, 3, 4, 5, 6, 8, 9),
    13: (0, 1, 2, 3, 4, 5),
}

TOOLKITS: tuple[Toolkit, ...] = tuple((a, b) for a, minors in _MINORS.items() for b in minors)
"""Every toolkit since 8.0; there is no 12.7. Source: NVIDIA's release notes."""

LAST_CUDATOOLKIT: Toolkit = (11, 8)
"""The last ``cudatoolkit`` of any channel; source: conda-forge/cuda-feedstock, user guide."""

_COMPONENTS = """
    cuda cuda-command-line-tools cuda-compiler cuda-cudart cuda-cudart-dev cuda-cuobjdump cuda-cupti
    cuda-cuxxfilt cuda-libraries cuda-libraries-dev cuda-minimal-build cuda-nvcc cuda-nvdisasm
    cuda-nvprune cuda-nvrtc cuda-nvrtc-dev cuda-nvtx cuda-runtime cuda-toolkit cuda-tools
    cuda-version cudatoolkit cudatoolkit-dev pytorch-cuda
"""

COMPONENTS = frozenset(_COMPONENTS.split())
"""Conda packages whose version begins with that of the toolkit; source: channel nvidia."""

_RUNTIMES = """
    cuda-cudart cuda-libraries cuda-runtime cudatoolkit cudnn nccl libcublas libcufft libcurand
    libcusolver libcusparse pytorch-cuda
"""

RUNTIMES = frozenset(_RUNTIMES.split())
"""Conda packages that bring libraries which a framework loads while it runs."""

PYTORCH_CUDA = ("11.6", "11.7", "11.8", "12.1", "12.4")
"""Every version of ``pytorch-cuda``; source: index of the channel pytorch."""

CHANNEL_PYTORCH = {
    "1.4": ("9.2", "10.0", "10.1"),
    "1.5": ("9.2", "10.1", "10.2"),
    "1.6": ("9.2", "10.1", "10.2"),
    "1.7": ("9.2", "10.1", "10.2", "11.0"),
    "1.8": ("10.1", "10.2", "11.1"),
    "1.9": ("10.2", "11.1", "11.3"),
    "1.10": ("10.2", "11.1", "11.3"),
    "1.11": ("10.2", "11.1", "11.3", "11.5"),
    "1.12": ("10.2", "11.3", "11.6"),
    "1.13": ("11.6", "11.7"),
    "2.0": ("11.7", "11.8"),
    "2.1": ("11.8", "12.1"),
    "2.2": ("11.8", "12.1"),
    "2.3": ("11.8", "12.1"),
    "2.4": ("11.8", "12.1", "12.4"),
    "2.5": ("11.8", "12.1", "12.4"),
}
"""CUDA of pytorch's builds in the channel pytorch, by series; source: its index."""

SWITCH = "1.13"
"""Since this version ``pytorch-cuda`` selects the build there, ``cudatoolkit`` before."""

LAST_IN_CHANNEL = "2.5.1"
"""The last pytorch of the channel pytorch; source: pytorch/pytorch issue 138506."""

LAST_WITH_CUDATOOLKIT = "2.4.1"
"""The last pytorch of conda-forge with a build for CUDA 11.8; source: its feedstock."""

NOT_IN_CONDA_FORGE = frozenset(("2.0.1", "2.1.1", "2.2.0", "2.2.1", "2.2.2", "2.5.0", "2.9.0"))
"""Releases that conda-forge left out; source: history of conda-forge/pytorch-cpu-feedstock."""

WHEEL_CUDA = {
    "1.9": ("10.2", "11.1"),
    "1.10": ("10.2", "11.1", "11.3"),
    "1.11": ("10.2", "11.3", "11.5"),
    "1.12": ("10.2", "11.3", "11.6"),
    "1.13": ("11.6", "11.7"),
    "2.0": ("11.7", "11.8"),
    "2.1": ("11.8", "12.1"),
    "2.2": ("11.8", "12.1"),
    "2.3": ("11.8", "12.1"),
    "2.4": ("11.8", "12.1", "12.4"),
    "2.5": ("11.8", "12.1", "12.4"),
    "2.6": ("11.8", "12.4", "12.6"),
    "2.7": ("11.8", "12.6", "12.8"),
    "2.8": ("12.6", "12.8", "12.9"),
}
"""CUDA of torch's wheels at download.pytorch.org/whl, by series, where all of them are known."""

LAST_WHEEL = {
    "10.2": "1.12.1",
    "11.1": "1.10.2",
    "11.3": "1.12.1",
    "11.5": "1.11.0",
    "11.6": "1.13.1",
    "11.7": "2.0.1",
    "11.8": "2.7.1",
    "12.1": "2.5.1",
    "12.4": "2.6.0",
}
"""The last torch wheel for a CUDA that is built no longer; source: the release matrix."""
