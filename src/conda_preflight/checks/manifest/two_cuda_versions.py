"""manifest/two-cuda-versions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirements
from conda_preflight.grammar.cuda_request import CudaRequest, requests
from conda_preflight.report import Problem, Severity

_VERSION_SOURCES = ("nvidia", "conda-forge")
_SELECTS_A_BUILD = frozenset(("pytorch-cuda", "cudatoolkit"))


@check("manifest/two-cuda-versions", Severity.ERROR)
def two_cuda_versions(doc: Manifest | Requirements) -> Iterator[Problem]:
    """Two lines ask for CUDA versions that cannot be the same.

    Libraries of two CUDA majors do not work together: a compiler of CUDA 11 refuses to build
    for a torch of CUDA 12, and a process that loads both runtimes fails or falls back to the
    CPU. A build of PyTorch fixes the minor number as well, so that no solution exists where
    `pytorch-cuda` names another one. Read are the packages of the toolkit, labels of the
    channel nvidia, build strings, local versions and indexes of wheels, and names such as
    `nvidia-cudnn-cu12` and `cupy-cuda11x`.

    Other differences in the minor number work as a rule within one major, and are a warning:
    extensions that are compiled at home meet older headers or a newer compiler.

    ## Fails

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - cuda-nvcc=11.7.99
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - cuda-nvcc=12.4.99
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch-cuda==12.1
      - torchaudio=2.0.2=py310_cu117
    ```

    ```yaml environment.yml
    channels: [nvidia/label/cuda-11.8.0, pytorch]
    dependencies:
      - cuda-toolkit=12.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - cuda-version=12.4
      - pytorch=2.1=*cuda118*
    ```

    ```text requirements.txt
    --extra-index-url https://download.pytorch.org/whl/cu118
    torch==2.1.2+cu121
    ```

    ```text requirements.txt
    torch==2.1.2+cu121
    cupy-cuda11x==13.0.0
    ```

    ```text requirements.txt
    nvidia-cudnn-cu11==8.9.6.50
    nvidia-cublas-cu12==12.1.3.1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [nvidia/label/cuda-12.1.0, pytorch]
    dependencies:
      - cuda-nvcc=12.1
      - pytorch-cuda=12.1
      - pytorch=2.1.2=py3.10_cuda12.1_cudnn8.9.2_0
      - pip:
          - nvidia-cudnn-cu12==8.9.2.26
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - cuda-version=12.4
      - pytorch=2.3=cuda120*
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch-cuda=11.8  # [win]
      - pytorch-cuda=12.1  # [linux]
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia, defaults]
    dependencies:
      - cuda-cudart=11.8.89
      - cuda-profiler-api=12.5.39
      - cuda-version=12.5
      - pytorch-cuda=11.8
    ```

    ## Fix

    Name one CUDA version in every line. Take that of the framework's build.
    """
    found = [request for request in requests(doc) if not _is_follower(request, doc)]
    clashes = [pair for pair in combinations(found, 2) if _clash(*pair)]
    certain = [pair for pair in clashes if _is_certain(*pair)]
    for one, other in (certain or clashes)[:1]:
        severity = Severity.ERROR if certain else Severity.WARNING
        yield _problem(one, other, severity)


def _is_follower(request: CudaRequest, doc: Manifest | Requirements) -> bool:
    """A ``cuda-version`` of an export or of nvidia, whose own bounds no package beside it."""
    return request.name == "cuda-version" and (bool(request.build) or _is_nvidias(doc))


def _is_nvidias(doc: Manifest | Requirements) -> bool:
    """Whether nvidia stands before conda-forge, whose package of that name bounds others."""
    names = [channel.name for channel in doc.channels] if isinstance(doc, Manifest) else []
    return next((name for name in names if name in _VERSION_SOURCES), "") == "nvidia"


def _clash(one: CudaRequest, other: CudaRequest) -> bool:
    both = one.condition and other.condition and one.condition != other.condition
    if both or one.toolkits & other.toolkits:
        return False
    minor_only = bool(one.majors & other.majors)
    return not (minor_only and one.half != other.half)


def _is_certain(one: CudaRequest, other: CudaRequest) -> bool:
    if not one.majors & other.majors:
        return True
    pair = (one, other)
    built = any(request.family and request.kind == "build" for request in pair)
    rest = all(request.family or request.name in _SELECTS_A_BUILD for request in pair)
    return built and rest


def _problem(one: CudaRequest, other: CudaRequest, severity: Severity) -> Problem:
    message = f"`{one.text}` asks for {one.wording}, and `{other.text}` for {other.wording}"
    keep, change = (other, one) if _leads(other) and not _leads(one) else (one, other)
    return Problem(
        "cuda",
        message,
        change.location,
        f"Make `{change.text}` ask for {keep.wording} too, as `{keep.text}` does, or change both.",
        severity,
    )


def _leads(request: CudaRequest) -> bool:
    """Whether the line belongs to the framework, which the others have to follow."""
    return request.family or request.name == "pytorch-cuda"
