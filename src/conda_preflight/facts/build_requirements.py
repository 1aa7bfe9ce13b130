"""Projects on PyPI that are built where they are installed, by a build that imports torch.

Sources: the source distributions themselves, each built in isolation with pip, and the
installation pages of the projects: github.com/Dao-AILab/flash-attention ("make sure that PyTorch
is installed ... pip install flash-attn --no-build-isolation"), state-spaces/mamba,
Dao-AILab/causal-conv1d, rusty1s/pytorch_scatter, facebookresearch/detectron2,
facebookresearch/pytorch3d and NVIDIA/apex.
"""

from __future__ import annotations

from conda_preflight.plain import value_type

PIP_ALWAYS_ISOLATES = "25.3"
"""Since this version pip builds every project in isolation; source: pip's changelog."""


@value_type
class Build:
    """How a project is built.

    ``lists_torch`` is the first version that asks for torch itself, so that pip builds it
    against the newest one; empty where none does. ``conda`` is the package that is built
    already, empty where there is none.
    """

    conda: str
    lists_torch: str = ""
    repository: str = ""


NEEDS_TORCH = {
    "flash-attn": Build("flash-attn", repository="flash-attention"),
    "mamba-ssm": Build("mamba-ssm", "2.2.3", "state-spaces/mamba"),
    "causal-conv1d": Build("causal-conv1d", "1.5.1", "causal-conv1d"),
    "torch-scatter": Build("pytorch_scatter", repository="pytorch_scatter"),
    "torch-sparse": Build("pytorch_sparse", repository="pytorch_sparse"),
    "torch-cluster": Build("pytorch_cluster", repository="pytorch_cluster"),
    "torch-spline-conv": Build("pytorch_spline_conv", repository="pytorch_spline_conv"),
    "detectron2": Build("detectron2", repository="facebookresearch/detectron2"),
    "pytorch3d": Build("pytorch3d", repository="facebookresearch/pytorch3d"),
    "apex": Build("nvidia-apex", repository="nvidia/apex"),
}
"""By PyPI project; ``repository`` is a part of the URL of its sources, in lower case."""

WHEEL_PAGES = ("data.pyg.org", "pytorch-geometric.com/whl")
"""Find-links pages with wheels of the torch-* projects, now and formerly.

Source: PyG's documentation of several versions.
"""
