"""Libraries of which one process should have one kind and one version."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

CUDA_MAJOR = lazy_pattern(
    r"lib(?:cudart|cublas|cublasLt|nvrtc|nvJitLink|cupti)\.so\.(\d{2})(?:\.\d+)?"
)
"""Sonames that carry the major version of CUDA itself.

Source: https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/ (libraries with versions of their
own, as libcufft and libcusolver, are left out).
"""

CUDA = lazy_pattern(
    r"lib(?:cudart|cublas|cublasLt|cudnn\w*|nccl|nvJitLink|cusparse|cusparseLt|cusolver|cusolverMg"
    r"|cufft|cufftw|curand|nvrtc|cupti|nvToolsExt)(?:\.so\b.*)"
)
"""Libraries of CUDA that must come from one set: mixing them ends in undefined symbols.

Source: https://github.com/pytorch/pytorch/issues/111469 (libcusparse and libnvJitLink) and
https://docs.nvidia.com/deeplearning/cudnn/ (all parts of cuDNN have one version).
"""

OPENMP = (
    ("GNU libgomp", lazy_pattern(r"libgomp(?:[-.].*)?")),
    ("Intel libiomp5", lazy_pattern(r"libiomp5(?:[-.].*)?")),
    ("LLVM libomp", lazy_pattern(r"libomp(?:[-.].*)?")),
)
"""OpenMP runtimes by file name, also as auditwheel renames them.

Source: https://github.com/joblib/threadpoolctl/blob/master/multiple_openmp.md.
"""

BUILD_FOLDERS = (
    "/opt/_internal/*",
    "/lib/intel64*",
    "/lib/win-x64*",
    "/home/conda/feedstock_root/*",
    "/croot/*",
    "*_placehold_placehold*",
    "/project/*",
    "/host/*",
)
"""Folders of build machines that stay behind in well-known packages and are nowhere else.

Sources: https://github.com/pypa/manylinux, MKL's folders as CMake writes them
(https://github.com/pytorch/pytorch/blob/main/cmake/Modules/FindMKL.cmake),
https://github.com/conda-forge/docker-images, https://github.com/pypa/cibuildwheel.
"""
SYSTEM_FOLDERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
WRITABLE_FOLDERS = ("/tmp/*", "/var/tmp/*", "/dev/shm/*")  # noqa: S108  (looked for, never used)
"""Folders in which any user of a machine may put a file.

Source: the Filesystem Hierarchy Standard (https://refspecs.linuxfoundation.org/FHS_3.0/fhs-3.0.html).
"""
