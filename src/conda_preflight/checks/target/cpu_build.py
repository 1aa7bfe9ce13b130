"""target/cpu-build."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix, Project, Requirements
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.errors import Skip
from conda_preflight.fitting.advice import gpu_build
from conda_preflight.fitting.machine import is_foreign
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.gpu_wish import cpu_wish
from conda_preflight.grammar.lock_file import owners
from conda_preflight.report import Problem, Severity

_ALWAYS = frozenset(("torch", "pytorch", "libtorch"))


@check("target/cpu-build", Severity.ERROR, reads=("gpus",))
def cpu_build(
    lock: Lock | Prefix | Requirements, stacks: Stacks, project: Project, host: Host
) -> Iterator[Problem]:
    """A framework is a build for the CPU, and the target has a GPU.

    The environment then works, and `torch.cuda.is_available()` is False. A solver that sees no
    GPU, on a laptop or in continuous integration, takes the CPU build and says nothing. The
    wheels of torch on the public index are for the CPU on aarch64 (GH200, GB200) up to 2.10, and
    on Windows always.

    Where another framework of the environment is built for the GPU, or the manifest asks for the
    CPU, it may be meant: a warning, or a note. Builds for CUDA where the target has GPUs of AMD
    only, and builds for ROCm where it has none of these, are told as well. Without a target,
    `lock/cpu-build` compares the lock with its manifest.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cpu_generic_py311h1_0.conda
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ```toml preflight.toml
    targets = ["gh200"]
    ```

    ```text conda-linux-aarch64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-aarch64/python-3.11.9-h1_0_cpython.conda
    # pip torch==2.9.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda120_py311h1_301.conda
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cpu_generic_py311h1_0.conda
    ```

    ```toml preflight.toml
    targets = ["cpu"]
    ```

    ## Fix

    Lock with the virtual package of the target, `--virtual-package __cuda=12.8`, and ask for the
    CUDA build by name: `pytorch-gpu`, `pytorch=*=cuda*`, or the wheel index of PyTorch.
    """
    if host.gpus is None:
        raise Skip("the target does not say which GPUs it has")
    stack = stacks.of(lock, host)
    wrong = _wrong(stack, "rocm" if host.gpus and all(map(is_foreign, host.gpus)) else "cuda")
    if not host.gpus or host.os == "darwin" or not wrong:
        return
    is_meant = isinstance(lock, Lock) and cpu_wish(
        owners(lock, project), stack.subdir, stack.subdir
    )
    works = any(need.framework and need.flavour == "cuda" for need in stack.needs)
    for need in wrong:
        yield _problem(need, host, is_meant=is_meant, works=works)


def _wrong(stack: Stack, flavour: str) -> list[Need]:
    """The frameworks of which no package is built for that kind of GPU."""
    found: dict[str, list[Need]] = {}
    for need in stack.needs:
        if need.framework and need.flavour:
            found.setdefault(_family(need), []).append(need)
    wrong = [rows for rows in found.values() if all(need.flavour != flavour for need in rows)]
    return [min(rows, key=lambda need: need.package.name.startswith("lib")) for rows in wrong]


def _family(need: Need) -> str:
    name = need.package.name
    if name in _ALWAYS or name.startswith(("pytorch", "libtorch")):
        return "torch"
    return next((each for each in ("tensorflow", "jax", "onnxruntime") if each in name), name)


def _problem(need: Need, host: Host, *, is_meant: bool, works: bool) -> Problem:
    package = need.package
    build = f" ({package.build})" if package.build else ""
    kind = {"cpu": "the CPU", "cuda": "CUDA", "rocm": "ROCm", "xpu": "Intel's GPUs"}[need.flavour]
    gpu = (host.gpus or ())[0].name.partition(" (")[0] or "a GPU"
    unsure = Severity.NOTE if is_meant else Severity.WARNING if works else None
    return Problem(
        package.name,
        f"`{package.name}` {package.version}{build} is built for {kind}, and the target has {gpu}",
        package.location,
        f"Take {gpu_build(need, host)}.",
        unsure,
    )
