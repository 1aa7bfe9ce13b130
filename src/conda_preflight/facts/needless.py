"""Packages that a program needs to be made, or a person to work, and a server does not.

Sources: the packages' own descriptions in conda-forge's feedstocks
(https://github.com/conda-forge/NAME-feedstock) and on https://pypi.org/project/NAME/.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_COMPILERS = lazy_pattern(
    r"(?:gcc|gxx|gfortran|clang|clangxx|binutils|ld|sysroot|libgcc-devel|libstdcxx-devel|kernel-"
    r"headers)(?:_impl)?_(?:linux|osx|win)-[\w-]+|gcc|gxx|gfortran|clang|clangxx|cxx-compiler|"
    r"c-compiler|fortran-compiler|compilers|cmake|ninja|make|meson|meson-python|pkg-config|"
    r"autoconf|automake|libtool|bison|flex|nasm|yasm|swig|patchelf|cuda-nvcc.*|cuda-compiler|"
    r"cuda-toolkit|cuda-tools|cuda-gdb|cuda-sanitizer-api|cuda-cuobjdump|cuda-nvdisasm|"
    r"cuda-nvprune|cuda-nsight|nsight-.*|gds-tools|cuda-profiler-api|cuda-visual-tools"
)
_HEADERS = lazy_pattern(r".*-(?:dev|devel|static|headers)|.*-static-.*|eigen|boost-cpp|cuda-cccl.*")
_MANAGERS_WORDS = """
    conda mamba libmamba libmambapy conda-libmamba-solver conda-package-handling conda-build
    conda-package-streaming conda-content-trust boa anaconda-client conda-lock pixi
    conda-anaconda-telemetry anaconda-anon-usage conda-anaconda-tos menuinst
"""
_MANAGERS = frozenset(_MANAGERS_WORDS.split())
_NOTEBOOKS_WORDS = """
    jupyter jupyterlab notebook jupyterlab_server jupyterlab-server jupyterlab_widgets
    jupyter_server jupyter-server jupyter_client jupyter_console jupyter-lsp nbconvert nbclient
    nbclassic notebook-shim ipykernel ipywidgets widgetsnbextension qtconsole qtconsole-base
    spyder ipython voila
"""
_NOTEBOOKS = frozenset(_NOTEBOOKS_WORDS.split())
_TESTS_WORDS = """
    pytest pytest-cov pytest-xdist pytest-asyncio pytest-mock hypothesis coverage tox nox mypy
    ruff flake8 pylint black isort pre-commit pre_commit sphinx mkdocs mkdocs-material
    pycodestyle pyflakes autopep8 yapf bandit
"""
_TESTS = frozenset(_TESTS_WORDS.split())

KINDS = ("compiler", "headers and static libraries", "package manager", "notebook", "tests")


def kind_of(name: str) -> str:
    """What it is for, one of KINDS; empty where a server may need it."""
    if name in _MANAGERS:
        return "package manager"
    if name in _NOTEBOOKS:
        return "notebook"
    if name in _TESTS:
        return "tests"
    if _COMPILERS.fullmatch(name):
        return "compiler"
    return "headers and static libraries" if _HEADERS.fullmatch(name) else ""
