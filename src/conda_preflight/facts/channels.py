"""Channels that get no more releases, and what their last ones were.

Every row has its source. A channel that is not here is taken to be alive.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class DeadChannel:
    """A channel by name (its labels too), why nobody should use it, what to use instead.

    ``closed`` is true where the server does not answer any more.
    """

    name: str
    why: str
    instead: str
    source: str
    closed: bool = False


DEAD = (
    DeadChannel(
        "intel",
        "the server refuses to hand it out",
        "https://software.repos.intel.com/python/conda",
        "https://github.com/IntelPython/numba-dpex/issues/1480",
        closed=True,
    ),
    DeadChannel(
        "pkgs/free",
        "nothing was added since 2017, and conda left it out of `defaults` in 4.7",
        "conda-forge",
        "https://docs.conda.io/projects/conda/en/latest/user-guide/configuration/free-channel.html",
    ),
    DeadChannel(
        "free",
        "nothing was added since 2017, and conda left it out of `defaults` in 4.7",
        "conda-forge",
        "https://docs.conda.io/projects/conda/en/latest/user-guide/configuration/free-channel.html",
    ),
    DeadChannel(
        "conda-forge/label/broken",
        "it holds the packages that conda-forge withdrew because they do not work",
        "conda-forge",
        "https://conda-forge.org/docs/maintainer/updating_pkgs/#removing-broken-packages",
    ),
    DeadChannel(
        "pytorch-nightly",
        "nightly conda builds ended in November 2024",
        "pip with PyTorch's nightly index",
        "https://dev-discuss.pytorch.org/t/pytorch-deprecation-of-conda-nightly-builds/2590",
    ),
)

LAST_RELEASES: dict[str, dict[str, str]] = {
    "pytorch": {"pytorch": "2.5.1", "torchvision": "0.20.1", "torchaudio": "2.5.1"},
    "pyg": {"pyg": "2.6.1"},
    "huggingface": {"transformers": "4.33.3"},
}
"""Channels that still serve what they have, and their last releases, the deciding one first.

Sources: https://github.com/pytorch/pytorch/issues/138506 and https://anaconda.org/pytorch (which
goes on with other packages, such as faiss), https://anaconda.org/channels/pyg,
https://anaconda.org/HuggingFace/transformers."""

IN_DEFAULTS_TOO: dict[str, tuple[str, ...]] = {
    "pytorch": ("pytorch", "torchvision", "torchaudio", "torchtext", "faiss-cpu", "faiss-gpu"),
    "nvidia": ("cuda-nvcc", "cuda-cudart", "cuda-toolkit", "cudatoolkit", "cudnn"),
}
"""Packages of a channel that ``defaults`` builds as well; source: https://anaconda.org/main."""

CUDA_PARTS = frozenset(("cuda", "cuda-toolkit", "cuda-version", "pytorch-cuda"))
"""Names whose version is CUDA's own; those that begin with ``cuda-`` follow it as well."""

MIXED_CUDA = ">=11,<12.5"
"""The CUDA versions for which packages of ``nvidia`` and ``conda-forge`` do not fit together;
source: https://github.com/conda-forge/cuda-feedstock, recipe/doc/end_user_run_guide.md."""


def dead(name: str) -> DeadChannel | None:
    """The row of a channel, by its name as ``grammar.channel`` gives it."""
    return next((row for row in DEAD if name == row.name or name.startswith(f"{row.name}/")), None)
