"""Releases of the frameworks: what was released together, for which Python, with which CUDA.

Sources: metadata of the wheels of torch, torchvision, torchaudio, tensorflow, vllm and xformers
on the public index; the indexes of the channels pytorch and conda-forge; pytorch/vision
``README.md`` and docs.pytorch.org/audio (compatibility matrix);
https://www.tensorflow.org/install/source#gpu (tested builds).
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import Row, table
from conda_preflight.plain import value_type

FUTURE = "9999"
"""Stands for every release after those in the tables."""


@value_type
class Torch:
    """One release of torch; texts with blanks are sets of versions.

    ``cuda`` is that of the wheel on the public index for linux-64, empty where not known;
    ``pythons`` are the oldest and the newest Python with a wheel.
    """

    version: str
    vision: str
    audio: str
    cuda: str
    pythons: tuple[str, str]

    @property
    def series(self) -> str:
        """Major and minor number."""
        return series(self.version)


def series(version: str) -> str:
    """``2.0`` for ``2.0.1``."""
    return ".".join(version.split(".")[:2])


@cache
def torch_releases() -> tuple[Torch, ...]:
    """Every release of torch since 1.4, the oldest first."""
    return tuple(
        Torch(row["torch"], row["vision"], row["audio"], row["cuda"], _pythons(row))
        for row in table("torch_releases")
    )


@cache
def torch_versions() -> tuple[str, ...]:
    """The versions of those releases, and what stands for every later one."""
    return (*(row.version for row in torch_releases()), FUTURE)


OPEN_ENDED = frozenset(("0.29.1", "0.29.2", "2.11.0"))
"""torchvision and torchaudio of the stable interface: they take every later torch as well."""

CONDA_NEWEST_PYTHON = {"2.1": "3.12", "2.4": "3.13"}
"""Where conda has a build for a newer Python than the wheels; source: index of conda-forge."""


@value_type
class TensorFlow:
    """One series of tensorflow: oldest and newest Python with a wheel.

    ``caps_numpy`` is true when its metadata keep numpy below 2.
    """

    series: str
    pythons: tuple[str, str]
    caps_numpy: bool


@cache
def tensorflow_releases() -> tuple[TensorFlow, ...]:
    """Every series of tensorflow since 1.13, the oldest first."""
    return tuple(
        TensorFlow(row["series"], _pythons(row), caps_numpy=row["caps_numpy"] == "yes")
        for row in table("tensorflow_releases")
    )


def _pythons(row: Row) -> tuple[str, str]:
    return row["oldest_python"], row["newest_python"]


NUMPY2 = {"torch": "2.3.0", "tensorflow": "2.18.0"}
"""The first release that is built for numpy 2.

Sources: pytorch/pytorch issue 107302; tensorflow's release notes of 2.18.
"""

BOUNDS_NUMPY = {
    "scipy": "1.13",
    "numba": "0.60",
    "pandas": "2.2.2",
    "scikit-learn": "1.5",
    "scikit-image": "0.24",
    "matplotlib": "3.9",
    "h5py": "3.11",
}
"""Before these releases conda's builds keep numpy below 2; scipy's and numba's wheels too.

Source: the metadata of the packages of conda-forge and main, and of the wheels.
"""

FRAMEWORKS = {
    "pytorch": ("pytorch", "pytorch-gpu", "pytorch-cpu", "torch"),
    "tensorflow": (
        "tensorflow",
        "tensorflow-gpu",
        "tensorflow-cpu",
        "tensorflow-base",
        "tensorflow-mkl",
        "tensorflow-intel",
        "intel-tensorflow",
        "tf-nightly",
    ),
    "jax": ("jax", "jaxlib"),
    "mxnet": ("mxnet", "mxnet-gpu"),
    "paddlepaddle": ("paddlepaddle", "paddlepaddle-gpu"),
}
"""What a framework is called by conda and by pip."""
