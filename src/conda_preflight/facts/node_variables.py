"""Variables that slow, trace or restrict what runs on GPUs, and are left over from a search.

Sources: https://docs.nvidia.com/cuda/cuda-c-programming-guide (environment variables);
https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html;
https://pytorch.org/docs/stable/cuda_environment_variables.html; NVIDIA/DCGM on GitHub (software
plugin of its diagnostics, environment variables that affect GPU jobs).
"""

from __future__ import annotations

_NCCL = "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html"
_CUDA = "https://docs.nvidia.com/cuda/cuda-c-programming-guide"
_TORCH = "https://pytorch.org/docs/stable/cuda_environment_variables.html"
_DCGM = "https://github.com/NVIDIA/DCGM"

DEBUGGING: dict[str, tuple[str, str]] = {
    "CUDA_LAUNCH_BLOCKING": ("each kernel is waited for", _CUDA),
    "CUDA_DEVICE_WAITS_ON_EXCEPTION": ("a failed program hangs and waits for a debugger", _CUDA),
    "CUDA_ENABLE_COREDUMP_ON_EXCEPTION": ("a failed program writes its GPU memory", _DCGM),
    "CUDA_ENABLE_USER_TRIGGERED_COREDUMP": ("programs open a pipe for dumps", _DCGM),
    "CUDA_INJECTION64_PATH": ("a tool is loaded into each program", _DCGM),
    "CUDA_INJECTION32_PATH": ("a tool is loaded into each program", _DCGM),
    "CUDA_FORCE_PTX_JIT": ("all kernels are compiled at their first use", _CUDA),
    "CUDA_DISABLE_PTX_JIT": ("kernels without machine code for the GPU fail", _CUDA),
    "CUDA_CACHE_DISABLE": ("compiled kernels are not kept", _CUDA),
    "CUDA_DISABLE_PERF_BOOST": ("the GPU keeps a low clock", _CUDA),
    "CUDA_MEMCHECK": ("memory accesses are checked", _DCGM),
    "PYTORCH_NO_CUDA_MEMORY_CACHING": ("each allocation asks the driver", _TORCH),
    "NVIDIA_TF32_OVERRIDE": ("the precision of matrix products is overridden", _CUDA),
    "NCCL_P2P_DISABLE": ("GPUs do not copy to each other directly", _NCCL),
    "NCCL_SHM_DISABLE": ("processes do not share memory", _NCCL),
    "NCCL_IB_DISABLE": ("InfiniBand is not used", _NCCL),
    "NCCL_NVLS_ENABLE": ("NVLink SHARP is switched", _NCCL),
    "LD_DEBUG": (
        "the loader prints what it does",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
    ),
    "LD_AUDIT": (
        "a library watches the loader",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
    ),
}
"""What each does, and where that is said; 0 and an empty text switch most of them off."""

OFF = frozenset(("", "0", "false", "no", "off"))

MEANT_WHEN_ZERO = frozenset(("NVIDIA_TF32_OVERRIDE", "NCCL_NVLS_ENABLE"))
"""Here 0 is what restricts, and 1 is the default."""
