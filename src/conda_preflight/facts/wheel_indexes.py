"""Indexes that vendors keep for their own wheels.

Sources: the installation pages of PyTorch, NVIDIA, JAX, PyG, OpenMMLab, vLLM, FlashInfer,
llama-cpp-python, AutoGPTQ, Intel, AMD and RAPIDS, and Hugging Face's documentation.
"""

from __future__ import annotations

VENDORS = (
    "download.pytorch.org",
    "pypi.nvidia.com",
    "pypi.ngc.nvidia.com",
    "developer.download.nvidia.com",
    "storage.googleapis.com/jax-releases",
    "storage.googleapis.com/libtpu-releases",
    "data.pyg.org",
    "data.dgl.ai",
    "download.openmmlab.com",
    "wheels.vllm.ai",
    "flashinfer.ai",
    "abetlen.github.io",
    "huggingface.github.io",
    "shi-labs.com",
    "pytorch-extension.intel.com",
    "repo.radeon.com",
    "pypi.anaconda.org/rapidsai-wheels-nightly",
    "nvidia-kaolin.s3.us-east-2.amazonaws.com",
    "dl.fbaipublicfiles.com",
)
"""Hosts, or hosts with the beginning of a path."""
