"""manifest/no-gpu-build-asked."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.facts.cuda import CHANNEL_PYTORCH, RUNTIMES, SWITCH
from conda_preflight.facts.frameworks import torch_versions
from conda_preflight.grammar.asked import Asked, by_conda, by_pip
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.cpu_purpose import is_without_gpu
from conda_preflight.grammar.torch_origin import origin
from conda_preflight.report import Problem, Severity

_PYTORCH = ("pytorch",)
_OTHERS = ("tensorflow", "jax", "jaxlib")
_CPU = frozenset(("cpuonly", "pytorch-cpu", "tensorflow-cpu", "tensorflow-mkl", "_tflow_select"))
_GPU = frozenset(
    (
        "pytorch-gpu",
        "tensorflow-gpu",
        "cuda-version",
        "cuda-toolkit",
        "cuda",
        "cuda-nvcc",
        *RUNTIMES,
    )
)
_GPU_ONLY = frozenset(("torch", "tensorflow", "jax", "jaxlib"))


@check("manifest/no-gpu-build-asked", Severity.WARNING)
def no_gpu_build_asked(manifest: Manifest) -> Iterator[Problem]:
    """Conda is asked for a GPU framework, and nothing says that its GPU build is wanted.

    Then the machine that solves decides. conda-forge has GPU builds only for machines with a
    driver, so a lock that is made on a laptop or in CI silently holds the CPU build. In the
    channel pytorch it depends on which CUDA packages happen to be found.

    `pytorch-cuda` says it for the channel pytorch only: where conda takes pytorch from
    conda-forge, since that comes first in the list, it has no effect. Builds for the CPU that
    are asked for are respected, and so are manifests for macOS and those with "cpu" in their
    name. For tensorflow and jax, which often run on the CPU, this is a note.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - python=3.11
      - pytorch=2.5.1
    ```

    ```yaml environment.yml
    channels: [conda-forge, pytorch, nvidia]
    dependencies:
      - pytorch=2.3.1
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - tensorflow=2.17
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch-gpu=2.5.1
      - pytorch=2.5.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.5.1=cuda126*
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia, conda-forge]
    dependencies:
      - pytorch=2.3.1
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=2.3.1
      - cpuonly
    ```

    ## Fix

    Ask for `pytorch-gpu` or `pytorch=*=cuda*` on conda-forge, for `pytorch-cuda=12.1` in the
    channel pytorch, and lock with `CONDA_OVERRIDE_CUDA` set to the target's CUDA.
    """
    if is_without_gpu(manifest):
        return
    lines = by_conda(manifest)
    words = {line.name for line in lines}
    built = any(_names_a_build(line) for line in lines)
    pytorch = next(iter(_undecided(manifest, _PYTORCH)), None)
    if pytorch and words & _GPU == {"pytorch-cuda"} and not built:
        yield from _without_effect(manifest, pytorch)
    elif not (words & (_GPU | _CPU) or built):
        yield from _unstated(manifest, pytorch)


def _names_a_build(line: Asked) -> bool:
    mutex = line.name == "pytorch-mutex" and bool(line.build)
    return mutex or "cuda" in line.build or "gpu" in line.build


def _undecided(manifest: Manifest, names: tuple[str, ...]) -> list[Asked]:
    """Lines for these frameworks on other systems than macOS, which pip does not replace."""
    by_wheel = {line.name for line in by_pip(manifest, *_GPU_ONLY)}
    return [
        line
        for line in by_conda(manifest, *names)
        if "osx" not in line.condition
        and "cpu" not in line.build
        and line.name.replace("pytorch", "torch") not in by_wheel
    ]


def _unstated(manifest: Manifest, pytorch: Asked | None) -> Iterator[Problem]:
    if pytorch:
        yield _pytorch(pytorch, origin(manifest, pytorch))
    other = next(iter(_undecided(manifest, _OTHERS)), None)
    if other:
        yield Problem(
            other.name,
            f"Nothing asks for the GPU build of `{other.text}`; without a driver conda takes "
            "the CPU build",
            other.location,
            f"Pin the build, as in `{_built(other.name)}=*=*cuda*` or `=*=cpu*`.",
            Severity.NOTE,
        )


def _pytorch(pytorch: Asked, place: str) -> Problem:
    if place == "pytorch":
        outcome = "which one comes depends on the CUDA packages that conda finds"
        switch = _switch(pytorch)
        fix = f"Add {switch}; `cpuonly` if no GPU is meant."
    else:
        outcome = "the machine that solves decides, and one without a driver takes the CPU build"
        fix = "Add `pytorch-gpu`; `pytorch-cpu` if no GPU is meant."
    message = f"Nothing asks for the GPU build of `{pytorch.text}`; {outcome}"
    return Problem("pytorch", message, pytorch.location, fix)


def _switch(pytorch: Asked) -> str:
    """What selects the newest GPU build that the channel has for the newest release asked for."""
    fitting = pytorch.of(torch_versions())
    series = [s for s in CHANNEL_PYTORCH if any(v.startswith(f"{s}.") for v in fitting)]
    newest = series[-1] if series else next(reversed(CHANNEL_PYTORCH))
    cuda = CHANNEL_PYTORCH[newest][-1]
    if matches(f"<{SWITCH}", newest):
        return f"`cudatoolkit={cuda}`"
    return f"`pytorch-cuda={cuda}` and the channel `nvidia`"


def _built(name: str) -> str:
    return "jaxlib" if name == "jax" else name


def _without_effect(manifest: Manifest, pytorch: Asked) -> Iterator[Problem]:
    if origin(manifest, pytorch) == "conda-forge":
        yield Problem(
            pytorch.name,
            f"`{pytorch.text}` comes from conda-forge, where `pytorch-cuda` selects nothing; "
            "the machine that solves decides between GPU and CPU build",
            pytorch.location,
            "Write `pytorch::pytorch` with the version, or `pytorch-gpu` without `pytorch-cuda`.",
        )
