"""Which build of PyTorch a new project asks for, by the GPU that it shall run on.

The versions are those that conda-forge, and PyPI for the servers that live there, had together in
November 2026. Which GPUs a build has code for stands in ``facts``.
"""

from __future__ import annotations

from conda_preflight.errors import UsageError
from conda_preflight.facts.frameworks import torch_releases
from conda_preflight.facts.torch_builds import code_of
from conda_preflight.fitting.capability import TEGRA, Code, capability, code_for
from conda_preflight.plain import value_type
from conda_preflight.scaffolding.answers import Machine

_TEGRA = "tegra"
_ENOUGH = (Code.CUBIN, Code.PTX)


@value_type
class Stack:
    """A release of PyTorch, its CUDA (empty for none), and the versions that go with it."""

    torch: str
    cuda: str
    python: str
    transformers: str
    accelerate: str
    numpy: str
    datasets: str
    board: str = ""


@value_type
class Server:
    """A server that lives at PyPI: its release, the torch that it is bound to, and its CUDA."""

    version: str
    torch: str
    cuda: str


_CPU = Stack("2.10", "", "3.12", "4.57", "1.3", "2.3", "4.8")
_STACKS = (
    Stack("2.10", "12.9", "3.12", "4.57", "1.3", "2.3", "4.8"),
    Stack("2.10", "13.0", "3.12", "4.57", "1.3", "2.3", "4.8"),
    Stack("2.10", "12.9", "3.12", "4.57", "1.3", "2.3", "4.8", _TEGRA),
    Stack("2.4", "11.8", "3.11", "4.46", "1.3", "1.26", "2.14"),
)
"""From the first that is tried to the last: the newest CUDA that most drivers take is first."""
_SERVERS = {
    "vllm": (Server("0.30.0", "2.13.0", "13.0"), Server("0.19.0", "2.10.0", "12.8")),
    "sglang": (Server("0.5.23", "2.14.1", "13.0"),),
}


def stack(machine: Machine, python: str) -> Stack:
    """The stack of a machine; raises UsageError where no build has code for its GPU."""
    if not machine.capability:
        return _CPU
    gpu = capability(machine.capability)
    for each in _STACKS:
        code = code_of(f"{each.torch}.0", each.cuda, "conda-forge", each.board)
        is_board = gpu in TEGRA and each.cuda.startswith("12")
        if gpu and code and is_board == bool(each.board) and code_for(gpu, code) in _ENOUGH:
            return _for_python(each, python)
    raise UsageError(
        f"No build of PyTorch at conda-forge has code for {machine.name} ({machine.capability})",
        "NVIDIA's own images hold the last that it runs.",
    )


def server(task: str, machine: Machine) -> Server:
    """The release of a server; raises UsageError where its wheels have no code for the GPU."""
    arch = "aarch64" if machine.platform == "linux-aarch64" else "x86_64"
    gpu = capability(machine.capability) if machine.capability else None
    for each in _SERVERS[task]:
        code = code_of(each.torch, each.cuda, "wheel", arch)
        if gpu and code and code_for(gpu, code) is Code.CUBIN:
            return each
    where = f"{machine.name} ({machine.capability})" if machine.capability else machine.name
    raise UsageError(
        f"The wheels of {task} have no code for {where}",
        "Another task, such as nlp, or a newer GPU, such as h100.",
    )


def servers() -> tuple[str, ...]:
    """The tasks whose server comes from PyPI and brings its framework."""
    return tuple(_SERVERS)


def _for_python(each: Stack, python: str) -> Stack:
    """The same, unless the release has no build for that Python."""
    if not python:
        return each
    newest = next(r.pythons for r in reversed(torch_releases()) if r.series == each.torch)[1]
    if _minor(python) > _minor(newest):
        raise UsageError(
            f"PyTorch {each.torch}, the last for this GPU, has no build for Python {python}",
            f"Write --python {newest}, or an older one.",
        )
    return each


def _minor(python: str) -> int:
    return int(python.partition(".")[2])
