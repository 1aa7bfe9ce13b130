"""Which packages map libraries of theirs when they are imported, so that others find them."""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Preload:
    """A package that opens files, globs below site-packages, in this order when it is imported.

    ``owns`` are further packages of the same project.
    ``folders``, globs below site-packages too, are where it looks for what is missing then.
    """

    package: str
    opens: tuple[str, ...]
    source: str
    folders: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()


PRELOADS = (
    Preload(
        "torch",
        ("torch/lib/libtorch_global_deps.so", "torch/_C.*.so", "torch/_C.so"),
        "https://github.com/pytorch/pytorch/blob/main/torch/__init__.py",
        ("nvidia/*/lib",),
    ),
    Preload(
        "tensorflow",
        (
            "tensorflow/libtensorflow_framework.so.2",
            "tensorflow/python/_pywrap_tensorflow_internal.so",
            "tensorflow/python/lib_pywrap_tensorflow_common.so",
        ),
        "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/python/pywrap_tensorflow.py",
    ),
    Preload(
        "cupy",
        (),
        "https://github.com/cupy/cupy/blob/main/cupy/_environment.py",
        ("nvidia/*/lib",),
        ("cupy_backends", "cupyx"),
    ),
    Preload(
        "pyarrow",
        ("pyarrow/lib.*.so",),
        "https://arrow.apache.org/docs/python/integration/extending.html",
    ),
)
"""Extensions of other packages need the libraries of these and have no way of their own to them.

``folders`` of torch: its ``_preload_cuda_deps`` opens libraries of CUDA below ``nvidia``.
"""
