"""Packages that are asked for without being imported, and modules that no package brings.

Sources: the projects' own pages, and the conda-forge recipes of the packages.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_TOOLS = """
    accelerate adlfs aider-chat aiodns anaconda anaconda-client ansible argcomplete autoawq autopep8
    awscli bandit binutils bitsandbytes black blas bokeh bottleneck brotli build bump2version
    bumpversion ca-certificates ccache cchardet certifi chardet cmake cmake-format codespell
    commitizen compilers conda conda-build conda-lock conda-pack constructor cookiecutter coverage
    cryptography cuda cuda-nvcc cuda-python cuda-toolkit cudatoolkit cudnn curl cyclonedx-bom cython
    dask-labextension datamodel-code-generator deepspeed distributed docker-compose dvc
    email-validator en-core-web-sm faiss-gpu fastparquet ffmpeg flake8 flash-attention flash-attn
    flit furo gcc gcsfs gfortran ghostscript git git-lfs graphviz greenlet gunicorn gxx h2 h5netcdf
    hatch hatchling hf-transfer hf-xet honcho htop httptools huggingface-hub-cli hypercorn
    imagecodecs imageio-ffmpeg intel-openmp invoke ipdb ipykernel ipympl ipython ipywidgets isort
    jax-cuda12-pjrt jax-cuda12-plugin jaxlib jedi jinja2-cli jq jupyter jupyter-book jupyter-console
    jupyter-lab jupyter-server-proxy jupyter_contrib_nbextensions jupyterhub jupyterlab
    jupyterthemes jupytext kaleido libblas libsndfile line-profiler line_profiler lit llvm-openmp
    lxml make mamba maturin mccabe memory-profiler memory_profiler memray meson meson-python mkdocs
    mkl mkl-service mlflow mpi4py mypy myst-parser nb-conda-kernels nbclient nbconvert nbdime nbqa
    nbsphinx nbstripout nbval nccl nest-asyncio netcdf4 ninja nodejs notebook nox numexpr numpydoc
    nvidia-ml-py nvtop odfpy opencv-data openpyxl openssl pandoc papermill parallel patchelf pdm pip
    pip-audit pip-tools pipdeptree pipenv pixi pkg-config pkgconfig pkginfo plotly-orca poetry
    poetry-core poppler pre-commit pre_commit prettier protobuf psycopg-binary psycopg2
    psycopg2-binary pudb py py-spy pyarrow pybind11 pycodestyle pydantic-extra-types
    pydantic-settings pydocstyle pydot pyflakes pylint pymysql pyopenssl pyqt pyqt5 pyright pysocks
    pytables pytest python python-dateutil python-dotenv python-graphviz python-multipart python_abi
    pytorch-cuda pytorch-mutex pyupgrade pyyaml qt qtpy ray-default rich-cli ruff rust s3fs
    safetensors scalene scikit-build scikit-build-core sentencepiece setuptools setuptools-scm
    setuptools_scm snakemake snakeviz sox spacy-lookups-data sphinx sqlfluff supervisor tables
    tabulate tensorboard tensorboard-plugin-wit tensorflow-metal tesseract tiktoken tini tmux
    tokenizers towncrier tox tree triton tritonclient twine typeguard tzdata unzip uv uvicorn uvloop
    versioneer vim virtualenv watchdog watchfiles websockets wget wheel widgetsnbextension xformers
    xlrd xlsxwriter yamllint yapf youtube-dl yt-dlp zarr zip zstandard zstd
"""

TOOLS = frozenset(_TOOLS.split())
"""Command line tools, kernels, compilers, native libraries, and backends that others load."""

_BEGINNINGS = """
    _ aws- binutils blas clang conda- cuda en-core- flake8- font- fonts- gcc gfortran gxx hatch-
    hdf5 hydra- intel- ipython jax-cuda jupyter jupyterlab kernel-headers keyrings lib m2- m2w64-
    mamba- mkdocs mkl mpich nb_ nbgrader ninja nvidia nvidia- openmpi opentelemetry-instrumentation
    pandas-stubs perl- poetry- poetry-plugin pylint- pytest- pytest_ python-lsp qt- qt5 qt6 r- rope
    ruff setuptools- spacy-model- sphinx sysroot tensorflow-io types- types_ ucx vs20 xeus xorg-
"""

PREFIXES = tuple(_BEGINNINGS.split())
"""How the names of such packages begin: native libraries, toolchains and plugins."""

BROUGHT_TOGETHER = {
    "jupyter": ("ipython", "ipykernel", "ipywidgets", "notebook", "nbconvert", "jupyter-core"),
    "jupyterlab": ("ipython", "ipykernel", "nbformat", "jupyter-server", "jupyter-core"),
    "notebook": ("ipython", "ipykernel", "nbformat", "nbconvert", "jupyter-core"),
    "ipykernel": ("ipython", "traitlets", "jupyter-client", "jupyter-core"),
    "ipywidgets": ("ipython", "traitlets"),
    "tensorflow": ("keras", "tensorboard"),
    "llama-index": ("llama-index-core",),
    "jax": ("jaxlib",),
    "dask": ("distributed",),
    "qiskit": ("qiskit-terra",),
    "grpcio-tools": ("grpcio",),
    "azureml-sdk": ("azureml-core",),
    "mlflow": ("mlflow-skinny",),
    "lightning": ("pytorch-lightning", "lightning-utilities"),
    "opentelemetry-sdk": ("opentelemetry-api",),
    "anaconda": ("numpy", "scipy", "pandas", "matplotlib", "scikit-learn", "ipython", "requests"),
    "python": ("pip", "setuptools", "wheel"),
    "pip": ("setuptools", "wheel"),
}
"""Projects that are part of another one's interface, so that asking for that one is enough."""

_HOSTS = """
    __builtin__ __builtins__ __main__ _typeshed _version adsk anki anydbm AppKit aqt arcpy awsglue
    BaseHTTPServer bgl binaryninja bmesh bpy burp c4d clr_loader Cocoa commands conda_build
    ConfigParser cookielib copy_reg CoreFoundation cPickle cStringIO dbutils dummy_thread exceptions
    Foundation FreeCAD FreeCADGui gdb ghidra gpu hou htmlentitydefs HTMLParser httplib ida_hexrays
    idaapi idautils idc java javax js kaggle_datasets kaggle_secrets lldb machine mathutils maya
    micropython nuke NXOpen objc Part pcbnew pyb pymel PyObjCTools pyodide pyodide_js qgis Quartz
    Queue renpy Rhino rhinoscriptsyntax sets SimpleHTTPServer SocketServer StringIO sublime
    sublime_plugin thread tkFileDialog Tkinter tkMessageBox triton_python_backend_utils unreal
    urllib2 urlparse ustruct utime vim weechat xbmc xbmcaddon xbmcgui xbmcplugin xmlrpclib
"""

HOSTS = frozenset(_HOSTS.split())
"""Modules that a program which embeds Python brings, or that Python 2 had."""

HOSTED = ("google.colab", "google.appengine", "tensorflow.contrib")
"""The same inside of namespaces."""

_DYNAMIC = """
    airflow azure boto3 botocore.vendored cv2 databricks distutils gi google hydra_plugins jnius
    jpype keras    mypy_boto3 nvidia OCC optimum pkg_resources py requests.packages ROOT
    setuptools.extern sh six    tensorflow tf_keras torch._C torch.classes torch.ops
    transformers.image_processing_utils_fast    transformers.tokenization_utils
    transformers.tokenization_utils_fast win32com
"""

DYNAMIC = frozenset(_DYNAMIC.split())
"""Modules that make others while they run, so that a file that is not there proves nothing."""

_NATIVE = lazy_pattern(r"lib[a-z0-9]|.*[_-](?:linux|osx|win)-\w+$|.*-(?:devel|static|dev|headers)$")


def is_not_imported(name: str) -> bool:
    """Whether a package of that name is asked for without being imported."""
    plain = name.lower()
    return plain in TOOLS or plain.startswith(PREFIXES) or bool(_NATIVE.match(plain))
