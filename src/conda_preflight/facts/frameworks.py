"""Releases of the frameworks: what was released together, for which Python, with which CUDA.

Sources: metadata of the wheels of torch, torchvision, torchaudio, tensorflow, vllm and xformers
on the public index; the indexes of the channels pytorch and conda-forge; pytorch/vision
``README.md`` and docs.pytorch.org/audio (compatibility matrix);
https://www.tensorflow.org/install/source#gpu (tested builds).
"""

from __future__ import annotations

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


_P36, _P37, _P38 = "3.6", "3.7", "3.8"

TORCH: tuple[Torch, ...] = (
    Torch("1.4.0", "0.5.0", "0.4.0", "10.1", ("2.7", _P38)),
    Torch("1.5.0", "0.6.0", "0.5.0", "10.2", ("3.5", _P38)),
    Torch("1.5.1", "0.6.1", "0.5.1", "10.2", ("3.5", _P38)),
    Torch("1.6.0", "0.7.0", "0.6.0", "10.2", (_P36, _P38)),
    Torch("1.7.0", "0.8.0 0.8.1", "0.7.0", "10.2", (_P36, _P38)),
    Torch("1.7.1", "0.8.2", "0.7.1 0.7.2", "10.2", (_P36, "3.9")),
    Torch("1.8.0", "0.9.0", "0.8.0", "10.2", (_P36, "3.9")),
    Torch("1.8.1", "0.9.1", "0.8.1", "10.2", (_P36, "3.9")),
    Torch("1.8.2", "0.9.2", "0.8.2", "", (_P36, "3.9")),
    Torch("1.9.0", "0.10.0", "0.9.0", "10.2", (_P36, "3.9")),
    Torch("1.9.1", "0.10.1", "0.9.1", "10.2", (_P36, "3.9")),
    Torch("1.10.0", "0.11.0 0.11.1", "0.10.0", "10.2", (_P36, "3.9")),
    Torch("1.10.1", "0.11.2", "0.10.1", "10.2", (_P36, "3.9")),
    Torch("1.10.2", "0.11.3", "0.10.2", "10.2", (_P36, "3.9")),
    Torch("1.11.0", "0.12.0", "0.11.0", "10.2", (_P37, "3.10")),
    Torch("1.12.0", "0.13.0", "0.12.0", "10.2", (_P37, "3.10")),
    Torch("1.12.1", "0.13.1", "0.12.1", "10.2", (_P37, "3.10")),
    Torch("1.13.0", "0.14.0", "0.13.0", "11.7", (_P37, "3.11")),
    Torch("1.13.1", "0.14.1", "0.13.1", "11.7", (_P37, "3.11")),
    Torch("2.0.0", "0.15.0 0.15.1", "2.0.0 2.0.1", "11.7", (_P38, "3.11")),
    Torch("2.0.1", "0.15.2", "2.0.2", "11.7", (_P38, "3.11")),
    Torch("2.1.0", "0.16.0", "2.1.0", "12.1", (_P38, "3.11")),
    Torch("2.1.1", "0.16.1", "2.1.1", "12.1", (_P38, "3.11")),
    Torch("2.1.2", "0.16.2", "2.1.2", "12.1", (_P38, "3.11")),
    Torch("2.2.0", "0.17.0", "2.2.0", "12.1", (_P38, "3.12")),
    Torch("2.2.1", "0.17.1", "2.2.1", "12.1", (_P38, "3.12")),
    Torch("2.2.2", "0.17.2", "2.2.2", "12.1", (_P38, "3.12")),
    Torch("2.3.0", "0.18.0", "2.3.0", "12.1", (_P38, "3.12")),
    Torch("2.3.1", "0.18.1", "2.3.1", "12.1", (_P38, "3.12")),
    Torch("2.4.0", "0.19.0", "2.4.0", "12.1", (_P38, "3.12")),
    Torch("2.4.1", "0.19.1", "2.4.1", "12.1", (_P38, "3.12")),
    Torch("2.5.0", "0.20.0", "2.5.0", "12.4", ("3.9", "3.13")),
    Torch("2.5.1", "0.20.1", "2.5.1", "12.4", ("3.9", "3.13")),
    Torch("2.6.0", "0.21.0", "2.6.0", "12.4", ("3.9", "3.13")),
    Torch("2.7.0", "0.22.0", "2.7.0", "12.6", ("3.9", "3.13")),
    Torch("2.7.1", "0.22.1", "2.7.1", "12.6", ("3.9", "3.13")),
    Torch("2.8.0", "0.23.0", "2.8.0", "12.8", ("3.9", "3.13")),
    Torch("2.9.0", "0.24.0", "2.9.0", "12.8", ("3.10", "3.14")),
    Torch("2.9.1", "0.24.1", "2.9.1", "12.8", ("3.10", "3.14")),
    Torch("2.10.0", "0.25.0", "2.10.0", "12.8", ("3.10", "3.14")),
    Torch("2.11.0", "0.26.0", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.12.0", "0.27.0", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.12.1", "0.27.1", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.13.0", "0.28.0", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.14.0", "0.29.0 0.29.1 0.29.2", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.14.1", "0.29.1 0.29.2", "2.11.0", "13.0", ("3.10", "3.14")),
    Torch("2.15.0", "0.29.1 0.29.2", "2.11.0", "13.2", ("3.11", "3.15")),
)

OPEN_ENDED = frozenset(("0.29.1", "0.29.2", "2.11.0"))
"""torchvision and torchaudio of the stable interface: they take every later torch as well."""

CONDA_NEWEST_PYTHON = {"2.1": "3.12", "2.4": "3.13"}
"""Where conda has a build for a newer Python than the wheels; source: index of conda-forge."""


@value_type
class TensorFlow:
    """One series of tensorflow: oldest and newest Python with a wheel, CUDA and its major.

    ``caps_numpy`` is true when its metadata keep numpy below 2.
    """

    series: str
    pythons: tuple[str, str]
    cuda: str
    caps_numpy: bool


TENSORFLOW: tuple[TensorFlow, ...] = (
    TensorFlow("1.13", ("2.7", _P37), "10.0", caps_numpy=False),
    TensorFlow("1.14", ("2.7", _P37), "10.0", caps_numpy=False),
    TensorFlow("1.15", ("2.7", _P37), "10.0", caps_numpy=False),
    TensorFlow("2.0", ("2.7", _P37), "10.0", caps_numpy=False),
    TensorFlow("2.1", ("2.7", _P37), "10.1", caps_numpy=False),
    TensorFlow("2.2", ("3.5", _P38), "10.1", caps_numpy=False),
    TensorFlow("2.3", ("3.5", _P38), "10.1", caps_numpy=True),
    TensorFlow("2.4", (_P36, _P38), "11.0", caps_numpy=True),
    TensorFlow("2.5", (_P36, "3.9"), "11.2", caps_numpy=True),
    TensorFlow("2.6", (_P36, "3.9"), "11.2", caps_numpy=True),
    TensorFlow("2.7", (_P37, "3.9"), "11.2", caps_numpy=False),
    TensorFlow("2.8", (_P37, "3.10"), "11.2", caps_numpy=False),
    TensorFlow("2.9", (_P37, "3.10"), "11.2", caps_numpy=False),
    TensorFlow("2.10", (_P37, "3.10"), "11.2", caps_numpy=False),
    TensorFlow("2.11", (_P37, "3.10"), "11.2", caps_numpy=False),
    TensorFlow("2.12", (_P38, "3.11"), "11.8", caps_numpy=True),
    TensorFlow("2.13", (_P38, "3.11"), "11.8", caps_numpy=True),
    TensorFlow("2.14", ("3.9", "3.11"), "11.8", caps_numpy=False),
    TensorFlow("2.15", ("3.9", "3.11"), "12.2", caps_numpy=True),
    TensorFlow("2.16", ("3.9", "3.12"), "12.3", caps_numpy=True),
    TensorFlow("2.17", ("3.9", "3.12"), "12.3", caps_numpy=True),
    TensorFlow("2.18", ("3.9", "3.12"), "12.5", caps_numpy=False),
    TensorFlow("2.19", ("3.9", "3.12"), "12.5", caps_numpy=False),
    TensorFlow("2.20", ("3.9", "3.13"), "12.5", caps_numpy=False),
    TensorFlow("2.21", ("3.10", "3.13"), "12.5", caps_numpy=False),
)

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
