"""The CUDA that is said of real locks, against what their texts say by another reading."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from conda_preflight.documents import Lock, Package
from conda_preflight.documents.stack import Stack
from conda_preflight.fitting.stack_cuda import stack_cuda
from conda_preflight.fitting.stack_of import stack
from conda_preflight.installation import of_lock
from conda_preflight.intake import read_file

CORPUS = Path(
    os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")
)
FRAMEWORKS = (
    *("pytorch", "pytorch-gpu", "pytorch-cpu", "pytorch-base", "libtorch", "torch", "torchvision"),
    *("tensorflow", "tensorflow-base", "tensorflow-gpu", "tensorflow-cpu", "jaxlib", "xformers"),
    *("jax-cuda12-plugin", "jax-cuda13-plugin", "onnxruntime", "onnxruntime-gpu", "cupy", "vllm"),
    *("cupy-cuda11x", "cupy-cuda12x", "xgboost", "libxgboost", "bitsandbytes", "paddlepaddle-gpu"),
)
CALLERS = ("pytorch", "libtorch", "torch", "tensorflow", "jaxlib", "onnxruntime")
RUNTIMES = ("pytorch-cuda", "cudatoolkit", "cuda-cudart", "nvidia-cuda-runtime-cu12")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS / "locks").is_dir(), reason="the corpus is not here"),
]


@cache
def stacks() -> tuple[tuple[str, Stack], ...]:
    """Every stack of the corpus with its file."""
    return tuple(
        (file.name, stack(place))
        for file in sorted((CORPUS / "locks").iterdir())
        for lock in read_file(file, file.name)
        if isinstance(lock, Lock)
        for place in of_lock(lock)
    )


def truth(package: Package) -> str:
    """By the plain words of a build string or a local version; empty where they say nothing."""
    if package.manager == "pypi":
        if found := re.search(r"\+cu(\d+)(\d)$", package.version):
            return f"{found[1]}.{found[2]}"
        return "cpu" if package.version.endswith("+cpu") else ""
    build = package.build
    if found := re.search(r"cuda_?(\d+)\.(\d+)", build) or re.search(r"_cu(\d\d)(\d)$", build):
        return f"{found[1]}.{found[2]}"
    if found := re.search(r"cuda_?(\d\d)(\d)(?!\d)", build):
        return f"{found[1]}.{found[2]}"
    return "cpu" if "cpu" in build.split("_") and package.name in FRAMEWORKS else ""


def truth_of_stack(found: Stack) -> str:
    """The newest that builds name and runtimes are; else what conda chose for all of them."""
    named = [truth(p) for p in found.packages if p.name in FRAMEWORKS]
    named += [_series(p) for p in found.packages if p.name in RUNTIMES]
    versions = [text for text in named if text not in ("", "cpu")]
    if not versions:
        versions = [_series(p) for p in found.packages if p.name == "cuda-version"]
    return max(versions, key=lambda text: tuple(map(int, text.split("."))), default="")


def _series(package: Package) -> str:
    return ".".join(package.version.split(".")[:2])


def test_every_build_string_is_read_as_it_says():
    found = []
    for file, one in stacks():
        said = {n.package: n.flavour if n.flavour == "cpu" else n.cuda for n in one.needs}
        rows = ((p, truth(p)) for p in one.packages)
        found += [(file, p.name, p.build, want, said.get(p, "")) for p, want in rows if want]
    assert [row for row in found if row[3] != row[4]] == []
    assert len(found) > 350
    assert len({file for file, *_ in found}) >= 30


def test_the_cuda_of_each_lock_is_what_its_texts_say():
    held = [(f, one) for f, one in stacks() if any(p.name in FRAMEWORKS for p in one.packages)]
    rows = [(file, one.subdir, truth_of_stack(one), stack_cuda(one)) for file, one in held]
    told = [row for row in rows if row[2]]
    assert [row for row in told if row[2] != row[3]] == []
    assert len({file for file, *_ in told}) >= 25
    assert len(told) >= 50


def test_a_framework_without_cuda_has_none():
    """Where every build says that it is for the CPU, and no runtime is there."""
    for file, one in stacks():
        words = [truth(p) for p in one.packages if p.name.startswith(CALLERS)]
        if "cpu" in words and not any(p.name in (*RUNTIMES, "cuda-version") for p in one.packages):
            assert stack_cuda(one) == "", file
