"""Libraries that may be missing: the driver's, and those of parts that nobody has to use."""

from __future__ import annotations

from conda_preflight.plain import value_type

DRIVER = frozenset(
    (
        *("libcuda.so.1", "libnvidia-ml.so.1", "libnvidia-ptxjitcompiler.so.1"),
        *("libnvidia-nvvm.so.4", "libcudadebugger.so.1", "libnvcuvid.so.1", "libnvoptix.so.1"),
        *("libnvidia-encode.so.1", "libnvidia-opticalflow.so.1", "libnvidia-fatbinaryloader.so.1"),
    )
)
"""Libraries of NVIDIA's driver: they belong to the machine with the GPU, never to a prefix.

Source: https://github.com/NVIDIA/libnvidia-container/blob/main/src/nvc_info.c.
"""

SYSTEM = frozenset(
    (
        *("libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libexpat.so.1", "libatomic.so.1"),
        *("libX11.so.6", "libXext.so.6", "libXrender.so.1", "libICE.so.6", "libSM.so.6"),
        *("libGL.so.1", "libglib-2.0.so.0", "libgobject-2.0.so.0", "libgthread-2.0.so.0"),
        *("libnsl.so.1", "libcrypt.so.1"),
    )
)
"""Libraries besides glibc's that a wheel may take from the system.

Source: PEP 513 and PEP 599 (https://peps.python.org/pep-0599/), and
https://github.com/pypa/auditwheel/blob/main/src/auditwheel/policy/manylinux-policy.json.
"""


@value_type
class Optional:
    """Files, a glob of paths, that may miss libraries, a glob of names."""

    needer: str
    soname: str
    source: str


OPTIONAL = (
    Optional("*/torch/bin/*", "*", "https://github.com/pytorch/pytorch/tree/main/test/cpp"),
    Optional("*/torch/test/*", "*", "https://github.com/pytorch/pytorch/tree/main/test/cpp"),
    *(
        Optional(
            f"*/numba/np/ufunc/{pool}*.so",
            soname,
            "https://numba.readthedocs.io/en/stable/user/threading-layer.html",
        )
        for pool, soname in (("tbbpool", "libtbb.so.*"), ("omppool", "lib?omp*.so*"))
    ),
    *(
        Optional(needer, soname, "https://docs.pytorch.org/audio/stable/installation.html")
        for needer in ("*/torio/lib/*", "*/torchaudio/lib/*", "*/torchcodec/*")
        for soname in ("libav*.so*", "libsw*.so*")
    ),
    *(
        Optional("*nvshmem*", soname, "https://docs.nvidia.com/nvshmem/api/using.html")
        for soname in ("libmlx5.so*", "libfabric.so*", "libmpi*.so*", "libuc*.so*", "libpmix.so*")
    ),
    Optional("*nvshmem*", "liboshmem.so*", "https://docs.nvidia.com/nvshmem/api/using.html"),
    *(
        Optional("*libcufile_rdma.so*", soname, "https://docs.nvidia.com/gpudirect-storage/")
        for soname in ("librdmacm.so*", "libibverbs.so*", "libmlx5.so*")
    ),
    Optional(
        "*/libonnxruntime_providers_tensorrt.so",
        "libnv*.so*",
        "https://onnxruntime.ai/docs/execution-providers/TensorRT-ExecutionProvider.html",
    ),
    *(
        Optional(
            "*/lib-dynload/_tkinter*.so", soname, "https://docs.python.org/3/library/tkinter.html"
        )
        for soname in ("libtk*.so*", "libtcl*.so*", "libX*.so*")
    ),
    Optional("*/mpi4py/*", "libmpi*.so*", "https://mpi4py.readthedocs.io/en/stable/install.html"),
    *(
        Optional("*/cupy*", soname, "https://docs.cupy.dev/en/stable/install.html")
        for soname in ("libcutensor*.so*", "libcusparseLt*.so*", "libnccl.so*", "libcudnn*.so*")
    ),
)
"""Parts that are only used when somebody asks for them and brings what they need."""
