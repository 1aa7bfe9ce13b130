"""Symptoms of a machine, its limits and its memory, as rows of ``symptoms.Symptom``."""

from __future__ import annotations

_SIGNALS = "https://man7.org/linux/man-pages/man7/signal.7.html"

ROWS = (
    (
        "shm",
        (
            "unable to open shared memory object",
            "insufficient shared memory",
            "SIGBUS",
            "Bus error",
        ),
        "shared memory (/dev/shm) is too small; a container has 64 MiB unless told otherwise",
        "Start the container with --shm-size=8g or --ipc=host.",
        "https://github.com/NVIDIA/nccl/issues/290",
    ),
    (
        "memlock",
        ("ibv_reg_mr… Cannot allocate memory", "ibv_create_cq … Cannot allocate memory"),
        "too little memory may be locked for the network",
        "Raise the limit: --ulimit memlock=-1, or LimitMEMLOCK of the service.",
        "https://github.com/NVIDIA/nccl-tests/issues/206",
    ),
    (
        "nccl-cumem",
        ("NCCL WARN Cuda failure … cuMem", "NCCL WARN … cuMem … Operation not permitted"),
        "NCCL may not place its memory, as the container forbids it",
        "Add the capability SYS_NICE, or set NCCL_CUMEM_HOST_ENABLE=0.",
        "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html",
    ),
    (
        "nccl-version",
        ("NCCL version mismatch", "Mismatched NCCL version", "ncclSystemError"),
        "ranks have different versions of NCCL, or its way to the others is closed",
        "Lock one NCCL for all machines, and set NCCL_DEBUG=WARN for the reason.",
        "https://github.com/verl-project/verl/pull/6621",
    ),
    (
        "p2p-acs",
        ("arrives changed",),
        "copies between GPUs are sent through a part of the machine that spoils them",
        "Switch ACS off on the PCIe switches, or set NCCL_P2P_DISABLE=1.",
        "https://github.com/pytorch/pytorch/issues/84803",
    ),
    (
        "gpu-out-of-memory",
        ("CUDA out of memory", "CUDA_ERROR_OUT_OF_MEMORY", "RESOURCE_EXHAUSTED: … memory"),
        "the GPU's memory is used up, perhaps by another process",
        "Look at nvidia-smi for what holds it, or take a GPU with more.",
        "https://docs.pytorch.org/docs/stable/notes/cuda.html",
    ),
    (
        "out-of-memory",
        (
            "MemoryError",
            "Cannot allocate memory",
            "std::bad_alloc",
            "DefaultCPUAllocator: can't allocate",
            "ended by SIGKILL",
        ),
        "memory ran out, and the system refused more or ended the process",
        "Raise the limit of the container or job, or take a machine with more memory.",
        "https://docs.kernel.org/admin-guide/cgroup-v2.html",
    ),
    (
        "disk-full",
        ("No space left on device",),
        "a disk or /dev/shm is full",
        "Make room where TMPDIR points at, and give the container a larger /dev/shm.",
        "https://man7.org/linux/man-pages/man3/errno.3.html",
    ),
    (
        "illegal-instruction",
        ("SIGILL", "Illegal instruction"),
        "a library uses instructions that this processor does not have",
        "Take a build for an older processor, or a newer machine.",
        _SIGNALS,
    ),
    (
        "library-missing",
        (".so… cannot open shared object file: No such file or directory",),
        "a library that is needed is found nowhere",
        "Install the package that brings it: conda-preflight audit names it for the prefix.",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
    ),
)
