"""What one project is called by conda and by pip.

Sources: prefix-dev/parselmouth on GitHub (``files/v0/conda-forge/compressed_mapping.json``, made
from the metadata inside conda-forge's packages), the recipes of the conda-forge feedstocks, and
the projects' installation pages for wheels that put the same files in place under other names.
The tables hold the names that environments for models use; any other package is taken for the
project of the same name.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_SEPARATORS = lazy_pattern(r"[-_.]+")

_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tf-nightly")
_OPENCV = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_FAISS = ("faiss-cpu", "faiss-gpu", "faiss", "faiss-gpu-cu11", "faiss-gpu-cu12")
_ONNXRUNTIME = ("onnxruntime", "onnxruntime-gpu")
_CUPY = ("cupy", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x")

PROJECTS: dict[str, tuple[str, ...]] = {
    "pytorch": ("torch",),
    "pytorch-cpu": ("torch",),
    "pytorch-gpu": ("torch",),
    "tensorflow": _TENSORFLOW,
    "tensorflow-base": _TENSORFLOW,
    "tensorflow-cpu": _TENSORFLOW,
    "tensorflow-eigen": _TENSORFLOW,
    "tensorflow-gpu": _TENSORFLOW,
    "tensorflow-mkl": _TENSORFLOW,
    "opencv": _OPENCV,
    "py-opencv": _OPENCV,
    "opencv-python-headless": _OPENCV,
    "faiss": _FAISS,
    "faiss-cpu": _FAISS,
    "faiss-gpu": _FAISS,
    "faiss-gpu-cuvs": _FAISS,
    "faiss-gpu-raft": _FAISS,
    "onnxruntime": _ONNXRUNTIME,
    "onnxruntime-novec": _ONNXRUNTIME,
    "cupy": _CUPY,
    "cupy-core": _CUPY,
    "pillow": ("pillow", "pillow-simd"),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "triton": ("triton", "pytorch-triton"),
    "torchtriton": ("triton", "pytorch-triton"),
    "snakemake-minimal": ("snakemake",),
    "msgpack-python": ("msgpack", "msgpack-python"),
    "pyqt": ("pyqt5",),
    "nvidia-ml": ("nvidia-ml-py3",),
    "nvidia-apex": ("apex",),
    "transformer-engine-torch": ("transformer-engine",),
    "pytorch_geometric": ("torch-geometric",),
    "pyg": ("torch-geometric",),
    "pytorch_scatter": ("torch-scatter",),
    "pytorch_sparse": ("torch-sparse",),
    "pytorch_cluster": ("torch-cluster",),
    "pytorch_spline_conv": ("torch-spline-conv",),
    "pytorch-scatter": ("torch-scatter",),
    "pytorch-sparse": ("torch-sparse",),
    "pytorch-cluster": ("torch-cluster",),
    "ignite": ("pytorch-ignite",),
    "py-xgboost": ("xgboost",),
    "py-xgboost-cpu": ("xgboost",),
    "py-xgboost-gpu": ("xgboost",),
    "ray-core": ("ray",),
    "ray-data": ("ray",),
    "ray-default": ("ray",),
    "ray-rllib": ("ray",),
    "ray-serve": ("ray",),
    "ray-train": ("ray",),
    "ray-tune": ("ray",),
    "dask-core": ("dask",),
    "fastapi-core": ("fastapi",),
    "filesystem-spec": ("fsspec",),
    "langfuse-python": ("langfuse",),
    "matplotlib-base": ("matplotlib",),
    "mlflow-ui": ("mlflow",),
    "modin-core": ("modin",),
    "multicore-tsne": ("multicoretsne",),
    "nbconvert-core": ("nbconvert",),
    "pandera-core": ("pandera",),
    "polars-default": ("polars",),
    "pyarrow-core": ("pyarrow",),
    "pymc-base": ("pymc",),
    "sagemaker-python-sdk": ("sagemaker",),
    "seaborn-base": ("seaborn",),
    "segment-anything": ("segment-anything-py",),
    "sentencepiece-python": ("sentencepiece",),
    "starlette-base": ("starlette",),
    "uvicorn-standard": ("uvicorn",),
    "vtk-base": ("vtk",),
    "cython-blis": ("blis",),
    "docker-py": ("docker",),
    "googlesearch": ("google",),
    "h3-py": ("h3",),
    "jq.py": ("jq",),
    "brotli-python": ("brotli",),
    "mujoco-python": ("mujoco",),
    "ollama-python": ("ollama",),
    "pgvector-python": ("pgvector",),
    "py-lief": ("lief",),
    "pybox2d": ("box2d",),
    "pyglfw": ("glfw",),
    "pysoundfile": ("soundfile",),
    "pysox": ("sox",),
    "pytables": ("tables",),
    "python-annoy": ("annoy",),
    "python-avro": ("avro",),
    "python-blosc": ("blosc",),
    "python-build": ("build",),
    "python-confluent-kafka": ("confluent-kafka",),
    "python-duckdb": ("duckdb",),
    "python-eccodes": ("eccodes",),
    "python-fastjsonschema": ("fastjsonschema",),
    "python-flatbuffers": ("flatbuffers",),
    "python-graphviz": ("graphviz",),
    "python-igraph": ("igraph", "python-igraph"),
    "python-kaleido": ("kaleido",),
    "python-kubernetes": ("kubernetes",),
    "python-leveldb": ("leveldb",),
    "python-lmdb": ("lmdb",),
    "python-sounddevice": ("sounddevice",),
    "python-symengine": ("symengine",),
    "python-tzdata": ("tzdata",),
    "python-uv": ("uv",),
    "python-wget": ("wget",),
    "python-xxhash": ("xxhash",),
    "python-zstd": ("zstd",),
    "quantlib-python": ("quantlib",),
    "redis-py": ("redis",),
    "soxr-python": ("soxr",),
    "tiledb-py": ("tiledb",),
}
"""Conda names of which pip has another one, and every project that puts the same files in place."""

_OTHER_THINGS = """
    attr backtrace blas blis blosc boost box2d brotli bullet bzip2 cairo cdo clang cmake cudnn curl
    docker eccodes eigen embree expat ffmpeg flann flatbuffers flex fontconfig freetype geos
    geotiff ghostscript git glfw glib glpk gmp gnupg go graphviz h3 halide hdf5 hunspell icu igraph
    ipopt jpeg jq julia krb5 kubernetes lame leveldb libffi libpng libsvm libtiff libuv llvm lmdb
    magma make metis mujoco nccl ncurses netcdf ninja nodejs ollama openexr openjpeg openmesh
    openssl openvino oras pango pcre perl pgvector pixman plumed podman proj python quantlib r
    readline redis ruamel_yaml rust s2geometry snappy sox soxr sqlite symengine taplo tbb thrift
    tiledb tk triangle typst tzdata unicorn uv verilator wget winpty x264 xxhash xz yaml zeromq
    zlib zlib-ng zstd
"""

OTHER_THINGS = frozenset(_OTHER_THINGS.split())
"""Conda packages that are no Python project, though pip may have one of that name."""

PIP_ONLY = {
    "torch": "pytorch",
    "opencv-python": "opencv",
    "opencv-contrib-python": "opencv",
    "opencv-contrib-python-headless": "opencv",
    "python-opencv": "opencv",
    "cv2": "opencv",
    "sklearn": "scikit-learn",
    "scikit_learn": "scikit-learn",
    "skimage": "scikit-image",
    "scikit_image": "scikit-image",
    "pil": "pillow",
    "pillow-simd": "pillow",
    "beautifulsoup": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "python_dateutil": "python-dateutil",
    "huggingface-hub": "huggingface_hub",
    "sentence_transformers": "sentence-transformers",
    "pytorch_lightning": "pytorch-lightning",
    "flash_attn": "flash-attn",
    "mamba_ssm": "mamba-ssm",
    "causal_conv1d": "causal-conv1d",
    "torch_geometric": "pytorch_geometric",
    "torch_scatter": "pytorch_scatter",
    "torch_sparse": "pytorch_sparse",
    "torch-sparse": "pytorch_sparse",
    "torch_cluster": "pytorch_cluster",
    "torch-cluster": "pytorch_cluster",
    "torch-spline-conv": "pytorch_spline_conv",
    "pytorch-triton": "triton",
    "tensorflow_gpu": "tensorflow-gpu",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_datasets": "tensorflow-datasets",
    "tf-nightly": "tensorflow",
    "cupy-cuda11x": "cupy",
    "cupy-cuda12x": "cupy",
    "cupy-cuda13x": "cupy",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "hydra_core": "hydra-core",
    "rouge_score": "rouge-score",
    "rdkit-pypi": "rdkit",
    "ruamel-yaml": "ruamel.yaml",
    "msgpack": "msgpack-python",
    "pyqt5": "pyqt",
    "pytest_cov": "pytest-cov",
}
"""Names that the public channels do not have, and the conda package that was meant."""

_CHANNELS = """
    anaconda bioconda conda-forge defaults main nodefaults nvidia pkgs/main pkgs/r pytorch
    pytorch-nightly r xformers
"""

PUBLIC_CHANNELS = frozenset(_CHANNELS.split())
"""Channels for which ``PIP_ONLY`` was looked up; source: their indexes and parselmouth."""


def normalized(name: str) -> str:
    """The name of a project as indexes compare it; source: PEP 503."""
    return _SEPARATORS.sub("-", name).lower()


def projects_of(package: str) -> tuple[str, ...]:
    """The PyPI projects whose files a conda package brings; none where it is no Python project."""
    if package in PROJECTS:
        return PROJECTS[package]
    if package in OTHER_THINGS or package.startswith(("r-", "_")):
        return ()
    return (normalized(package.removeprefix("spacy-model-")),)


def project_key(package: str) -> str:
    """One name for all packages that bring the same project: ``torch`` for ``pytorch-gpu``."""
    return next(iter(projects_of(package)), package)
