"""Conda packages that exist for some operating systems only.

Source: the lists of files at https://anaconda.org/conda-forge/NAME, https://anaconda.org/main/NAME
and, for the CUDA packages, https://anaconda.org/nvidia/NAME. A package of which one of them has
a build for every system is not here.
"""

from __future__ import annotations

_LINUX = """
    _libgcc_mutex libgcc-ng libstdcxx-ng libgfortran-ng libgfortran4 nccl libnuma torchtriton
    patchelf libcap libudev1 alsa-lib libselinux cudf cuml cugraph cuspatial dask-cudf
    gcc_linux-64 gxx_linux-64 gfortran_linux-64 binutils_linux-64 gcc_impl_linux-64
    gxx_impl_linux-64 gfortran_impl_linux-64 binutils_impl_linux-64 ld_impl_linux-64
    ld_impl_linux-aarch64 gcc_linux-aarch64 gxx_linux-aarch64 libgcc-devel_linux-64
"""
_WINDOWS = """
    vs2015_runtime vs2013_runtime vs2008_runtime vc14_runtime ucrt pywin32 pywin32-ctypes
    pywinpty winpty wincertstore win_inet_pton win_unicode_console console_shortcut icc_rt
    msys2-conda-epoch m2w64-gcc-libs m2w64-gcc-libgfortran m2w64-gcc-libs-core m2w64-gmp
    m2w64-libwinpthread-git vs_win-64 vs2019_win-64 vs2017_win-64
"""
_OSX = "appnope pyobjc-core pyobjc-framework-cocoa python.app clang_osx-64 clangxx_osx-64"
_CUDA = """
    cudatoolkit cudatoolkit-dev cudnn cuda cuda-toolkit cuda-nvcc cuda-cudart cuda-runtime
    cuda-libraries cuda-cupti cuda-nvrtc cuda-nvtx cuda-compiler libcublas libcufft libcurand
    libcusolver libcusparse libnpp libnvjpeg pytorch-cuda tensorflow-gpu pytorch-gpu cupy
    faiss-gpu magma-cuda118 magma-cuda121 cutensor
"""

SYSTEMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_LINUX.split(), ("linux",)),
    **dict.fromkeys(_WINDOWS.split(), ("win",)),
    **dict.fromkeys(_OSX.split(), ("osx",)),
    **dict.fromkeys(_CUDA.split(), ("linux", "win")),
}
"""The systems, as conda's subdirs begin, by package."""

_ANYWHERE = """
    appnope pywin32-ctypes win_inet_pton win_unicode_console wincertstore cuda-runtime cuda-compiler
    libgcc-devel_linux-64 clang_osx-64 clangxx_osx-64
"""
CAN_BE_ANYWHERE = frozenset(
    (*_ANYWHERE.split(), *(name for name in _LINUX.split() if "_linux-" in name))
)
"""Packages made for one system that some channel has for others too: noarch or cross tools."""


def systems(name: str) -> tuple[str, ...]:
    """The systems that a package is made for, empty where it is for any."""
    return SYSTEMS.get(name, ())


def fits(name: str, platform: str) -> bool:
    """Whether a package can exist on a platform such as ``osx-arm64``."""
    known = systems(name)
    return not known or name in CAN_BE_ANYWHERE or platform.partition("-")[0] in known
