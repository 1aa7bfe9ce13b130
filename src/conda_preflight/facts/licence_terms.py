"""Terms that a licence's own text or name does not tell, each with its source."""

from __future__ import annotations

from conda_preflight.plain import value_type

NETWORK_COPYLEFT = ("AGPL-*", "SSPL-*", "OSL-*", "CPAL-*", "RPL-*", "EUPL-*")
"""Licences that count use over a network as passing on.

Sources: AGPL-3.0 section 13, SSPL-1.0 section 13, OSL-3.0 section 5 ("External Deployment"),
CPAL-1.0 section 15, RPL-1.5 section 6.4, EUPL-1.2 section 1 ("Distribution or Communication").
"""

COPYLEFT = ("GPL-*",)
"""Licences whose terms reach what is passed on together with the package.

Source: GPL-3.0 section 5 (c). One with an exception for linking (``GPL-3.0-only WITH
GCC-exception-3.1``) is not meant.
"""

NON_COMMERCIAL = (
    "CC-BY-NC*",
    "PolyForm-Noncommercial-*",
    "*NonCommercial*",
    "*Non-Commercial*",
    "*Research-Only*",
    "*Academic*",
    "Aladdin",
    "Parity-*",
    "Prosperity-*",
)
"""Licences that forbid use for money, by their names; source: https://spdx.org/licenses/."""


@value_type
class Terms:
    """What of a package may not be used for money ("code", "models"), and where that is written."""

    what: str
    source: str


NON_COMMERCIAL_PACKAGES = {
    "nvdiffrast": Terms("code", "https://github.com/NVlabs/nvdiffrast/blob/main/LICENSE.txt"),
    "openpose": Terms(
        "code", "https://github.com/CMU-Perceptual-Computing-Lab/openpose/blob/master/LICENSE"
    ),
    "insightface": Terms("models", "https://github.com/deepinsight/insightface#license"),
    "audiocraft": Terms("models", "https://github.com/facebookresearch/audiocraft#license"),
}
"""Packages of either manager whose code, or the models that they fetch, may not be used for money.

Their metadata does not say so: it names the licence of the code alone, or none.
"""

ANACONDA_TERMS = "https://www.anaconda.com/legal"
"""The terms of service of the channels of Anaconda's distribution."""

CUDA_TERMS = "https://docs.nvidia.com/cuda/eula/index.html#attachment-a"
"""CUDA's licence; its Attachment A lists what an application may pass on."""

CUDNN_TERMS = "https://docs.nvidia.com/deeplearning/cudnn/backend/latest/reference/eula.html"
"""The licence of cuDNN, whose supplement says what may be passed on."""

NVIDIA_NAMES = (
    "cudatoolkit",
    "cuda-*",
    "libcu*",
    "libnv*",
    "libnpp*",
    "cudnn*",
    "nccl*",
    "tensorrt*",
    "nvidia-*",
)
"""Names of packages that hold NVIDIA's files where their licence is one of NVIDIA's own."""

DEVELOPMENT_TOOLS = (
    "cuda-nvcc*",
    "cuda-gdb*",
    "cuda-cuobjdump",
    "cuda-nvdisasm",
    "cuda-nvprof",
    "cuda-nvvp",
    "cuda-sanitizer-api",
    "cuda-nsight",
    "cuda-toolkit",
    "nsight-*",
    "nvidia-cuda-nvcc*",
)
"""Packages with compilers, debuggers and profilers, which are not in Attachment A."""
