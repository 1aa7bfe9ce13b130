"""manifest/conda-cuda-beside-pip-torch."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.facts.cuda import RUNTIMES
from conda_preflight.facts.frameworks import FRAMEWORKS, torch_releases
from conda_preflight.grammar.asked import Asked, by_conda, by_pip
from conda_preflight.report import Problem, Severity

_CONDA_USERS = frozenset(
    (
        *FRAMEWORKS["pytorch"],
        *FRAMEWORKS["tensorflow"],
        *FRAMEWORKS["jax"],
        *FRAMEWORKS["mxnet"],
        *FRAMEWORKS["paddlepaddle"],
        "cupy",
        "numba",
        "faiss-gpu",
        "cudf",
        "cuml",
        "rapids",
        "onnxruntime",
        "openmm",
        "gromacs",
        "xgboost",
        "py-xgboost-gpu",
        "magma",
        "nvidia-apex",
        "xformers",
        "pytorch3d",
        "cudatoolkit-dev",
        "tensorrt",
    )
)
_PIP_USERS = frozenset(
    (
        *FRAMEWORKS["tensorflow"],
        *FRAMEWORKS["jax"],
        *FRAMEWORKS["mxnet"],
        *FRAMEWORKS["paddlepaddle"],
        "onnxruntime-gpu",
        "numba",
        "cupy",
        "tensorrt",
        "pycuda",
        "dgl",
        "ctranslate2",
        "faster-whisper",
    )
)


@check("manifest/conda-cuda-beside-pip-torch", Severity.WARNING)
def conda_cuda_beside_pip_torch(manifest: Manifest) -> Iterator[Problem]:
    """Conda installs the CUDA runtime, but torch comes from pip and brings its own.

    The wheel of torch holds its CUDA libraries, or pulls them in as nvidia wheels. What conda
    installs beside it is gigabytes that torch does not use, or, once it stands on the library
    path, a second copy of another version that is loaded by accident. `pytorch-cuda` has an
    effect on conda's own pytorch only.

    Packages that need the compiler, `cuda-nvcc` and `cuda-toolkit`, are no fault: extensions
    are built with them. Nothing is said either where something else uses conda's libraries,
    such as tensorflow, cupy or numba.

    ## Fails

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - python=3.10
      - pytorch-cuda=12.1
      - pip:
          - torch==2.2.0
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - cudatoolkit=11.5
      - cudnn
      - pip:
          - torch==2.0.0
    ```

    ## Passes

    ```yaml environment.yml
    channels: [nvidia]
    dependencies:
      - cuda-nvcc=12.1
      - pip:
          - torch==2.2.0
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - cudatoolkit=11.8
      - pip:
          - torch==2.0.1
          - tensorflow==2.13.0
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=2.2.0
      - pytorch-cuda=12.1
    ```

    ## Fix

    Take pytorch from conda as well, or delete conda's CUDA runtime.
    """
    lines = by_conda(manifest)
    torch = [line for line in by_pip(manifest, "torch") if "cpu" not in line.local]
    if not torch or _is_used(manifest, lines):
        return
    found = [line for line in lines if line.name in RUNTIMES]
    for line in found[:1]:
        yield _problem(found, torch[0], line)


def _is_used(manifest: Manifest, lines: tuple[Asked, ...]) -> bool:
    """Whether something else than torch would load conda's libraries."""
    conda = any(line.name in _CONDA_USERS or "cuda" in line.name[3:] for line in _others(lines))
    pip = any(
        line.name in _PIP_USERS or line.name.startswith(("cupy-cuda", "jax-cuda", "faiss-gpu"))
        for line in by_pip(manifest)
    )
    return conda or pip


def _others(lines: tuple[Asked, ...]) -> Iterator[Asked]:
    """Lines that are no part of CUDA itself."""
    return (
        line
        for line in lines
        if line.name not in RUNTIMES and not line.name.startswith(("cuda-", "cuda_"))
    )


def _problem(found: list[Asked], torch: Asked, line: Asked) -> Problem:
    count = f" and {len(found) - 1} more" if len(found) > 1 else ""
    cuda = {row.cuda for row in torch_releases() if torch.constraint and torch.allows(row.version)}
    plain = not torch.local and not torch.url and len(cuda) == 1
    own = f"its own CUDA {next(iter(cuda))}" if plain and all(cuda) else "its own CUDA"
    return Problem(
        "torch",
        f"Conda installs `{line.text}`{count}, but `{torch.text}` comes from pip with {own}",
        line.location,
        f"Delete `{line.text}`{count}, or take pytorch from conda too, and not from pip.",
    )
