"""manifest/pip-gpu-build-unstated."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Manifest, Project, Requirements, Script
from conda_preflight.facts.cuda import LAST_WHEEL
from conda_preflight.facts.frameworks import (
    FRAMEWORKS,
    FUTURE,
    tensorflow_releases,
    torch_releases,
    torch_versions,
)
from conda_preflight.grammar.asked import Asked, by_conda, by_pip
from conda_preflight.grammar.cpu_purpose import is_without_gpu
from conda_preflight.grammar.cuda_request import index_cuda
from conda_preflight.grammar.included import is_constraints
from conda_preflight.report import Problem, Severity

_WHEELS = "https://download.pytorch.org/whl"


@check("manifest/pip-gpu-build-unstated", Severity.WARNING)
def pip_gpu_build_unstated(doc: Manifest | Requirements, project: Project) -> Iterator[Problem]:
    """Pip is asked for a framework, and nothing says for which CUDA it shall be built.

    The wheel of torch on the public index is made for one CUDA, and that changes with the
    release: 2.0 has 11.7, 2.4 has 12.1, 2.8 has 12.8, 2.15 has 13.2. A driver that is too old
    for it leaves you on the CPU. So an open version is a warning, a pinned one a note that
    tells its CUDA. An extra index for a CUDA that is built no longer is a warning too: pip
    takes the newest release, and that is in the public index.

    tensorflow and jax run on the CPU unless the extra for CUDA is asked for (note), and
    onnxruntime-gpu needs the CUDA libraries of its release from elsewhere (note).

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - torch>=2.0
    ```

    ```text requirements.txt
    torch==2.1.2
    ```

    ```text requirements.txt
    --extra-index-url https://download.pytorch.org/whl/cu118
    torch
    ```

    ```text requirements.txt
    tensorflow==2.17.0
    ```

    ## Passes

    ```text requirements.txt
    --index-url https://download.pytorch.org/whl/cu118
    torch==2.1.2
    ```

    ```text requirements.txt
    torch==2.1.2+cu121
    tensorflow[and-cuda]==2.17.0
    jax[cuda12]==0.4.35
    ```

    ```text requirements.txt
    torch==2.1.2
    nvidia-cuda-runtime-cu12==12.1.105
    ```

    ## Fix

    Name the build: `torch==2.1.2+cu121` with `--extra-index-url` for
    https://download.pytorch.org/whl/cu121, `tensorflow[and-cuda]`, `jax[cuda12]`.
    """
    if is_constraints(doc, project) or is_without_gpu(doc) or _is_frozen(doc):
        return
    torches = [torch for torch in by_pip(doc, "torch") if not _stated(torch)]
    for torch in torches[:1]:
        if not by_conda(doc, *FRAMEWORKS["pytorch"]):
            yield from _torch(doc, torch, project)
    for line in by_pip(doc, "tensorflow")[:1]:
        yield from _tensorflow(doc, line)
    for line in by_pip(doc, "jax")[:1]:
        yield from _jax(doc, line)
    for line in by_pip(doc, "onnxruntime-gpu")[:1]:
        yield from _onnxruntime(doc, line)


def _is_frozen(doc: Manifest | Requirements) -> bool:
    """Whether NVIDIA's wheels are pinned one by one, which fixes CUDA."""
    return any(line.name.startswith("nvidia-cuda-runtime") for line in by_pip(doc))


def _stated(torch: Asked) -> bool:
    """Whether the line names a build or a place that is no index, or counts on macOS only."""
    apple = "darwin" in torch.condition.lower() and "!=" not in torch.condition
    return bool(torch.local or torch.url) or apple or "osx" in torch.condition


def _torch(doc: Manifest | Requirements, torch: Asked, project: Project) -> Iterator[Problem]:
    options = [req for req in doc.pip if req.kind == "option" and "/whl/" in req.value]
    kits = [kit for req in options if (kit := index_cuda(req))]
    if options and all(r.option == "--extra-index-url" for r in options) and len(kits) == 1:
        yield from _left_behind(torch, f"{kits[0][0]}.{kits[0][1]}")
    elif not options and not _told_elsewhere(project):
        yield _default_build(torch)


def _told_elsewhere(project: Project) -> bool:
    """Whether a command of the project names an index of PyTorch."""
    documents: list[Dockerfile | Script] = [*project.of(Dockerfile), *project.of(Script)]
    commands = [command for doc in documents for command in doc.commands]
    return any("pytorch.org/whl/" in word for command in commands for word in command.words)


def _left_behind(torch: Asked, cuda: str) -> Iterator[Problem]:
    last = LAST_WHEEL.get(cuda)
    if last and torch.allows(FUTURE):
        tag = cuda.replace(".", "")
        yield Problem(
            "torch",
            f"The index for CUDA {cuda} ends with torch {last}, and `{torch.text}` lets pip take "
            "a newer one for another CUDA from the public index",
            torch.location,
            f"Write `torch=={last}+cu{tag}`.",
        )


def _default_build(torch: Asked) -> Problem:
    allowed = torch.of(torch_versions())
    cudas = {row.cuda for row in torch_releases() if row.version in allowed and row.cuda}
    if len(cudas) == 1 and FUTURE not in allowed:
        cuda = next(iter(cudas))
        message = f"`{torch.text}` names no build; the wheel of the public index is for CUDA {cuda}"
        severity = Severity.NOTE
        fix = f"Write {_pin(allowed[-1], cuda)}."
    else:
        message = f"`{torch.text}` names no build, and its CUDA changes with the release"
        severity = Severity.WARNING
        fix = f"Pin the release and its build, as in {_pin('2.8.0', '12.8')}."
    return Problem("torch", message, torch.location, fix, severity)


def _pin(version: str, cuda: str) -> str:
    tag = cuda.replace(".", "")
    return f"`torch=={version}+cu{tag}` with `--extra-index-url {_WHEELS}/cu{tag}`"


def _tensorflow(doc: Manifest | Requirements, line: Asked) -> Iterator[Problem]:
    """Before 2.14 there was no extra, and the libraries came from conda or the system."""
    if line.extras or line.url or by_conda(doc, "cudatoolkit", "cudnn", "cuda-toolkit"):
        return
    known = tensorflow_releases()
    rows = [row for row in known if line.allows(f"{row.series}.0") or line.allows(row.series)]
    newest = FUTURE if line.allows(FUTURE) else rows[-1].series if rows else ""
    old = [row.series for row in known][: _first_with_extra()]
    if newest and newest not in old:
        yield Problem(
            "tensorflow",
            f"`{line.text}` runs on the CPU unless the machine has its CUDA libraries",
            line.location,
            "Write `tensorflow[and-cuda]` with the version, or `tensorflow-cpu`.",
            Severity.NOTE,
        )


def _first_with_extra() -> int:
    return next(at for at, row in enumerate(tensorflow_releases()) if row.series == "2.14")


def _jax(doc: Manifest | Requirements, line: Asked) -> Iterator[Problem]:
    told = any("cuda" in other.name or other.local for other in by_pip(doc))
    told = told or any(word.startswith(("cuda", "tpu", "cpu")) for word in line.extras)
    if not told and not line.url:
        yield Problem(
            "jax",
            f"`{line.text}` runs on the CPU: no extra for CUDA is asked for",
            line.location,
            "Write `jax[cuda12]` with the version, or `jax[cpu]`.",
            Severity.NOTE,
        )


def _onnxruntime(doc: Manifest | Requirements, line: Asked) -> Iterator[Problem]:
    told = line.extras or line.url or any(name.name.startswith("nvidia-") for name in by_pip(doc))
    torch = by_pip(doc, "torch")
    if not (told or torch or by_conda(doc)):
        yield Problem(
            "onnxruntime-gpu",
            f"`{line.text}` needs the CUDA and cuDNN of its release, and nothing here brings them",
            line.location,
            "Write `onnxruntime-gpu[cuda,cudnn]` with the version (1.21 or later).",
            Severity.NOTE,
        )
