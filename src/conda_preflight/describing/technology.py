"""The technologies of an environment: Python, frameworks, CUDA, the driver that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from conda_preflight.describing.fact import Fact, fact
from conda_preflight.documents import Manifest
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.facts.frameworks import FRAMEWORKS
from conda_preflight.fitting.driver import full_driver, least_driver
from conda_preflight.fitting.stack_cuda import stack_cuda
from conda_preflight.fitting.stack_of import stack
from conda_preflight.grammar.asked import shown
from conda_preflight.installation import Installation

_TITLES = {
    "pytorch": "PyTorch",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "mxnet": "MXNet",
    "paddlepaddle": "PaddlePaddle",
}
_SYSTEMS = {"win": "windows", "linux": "linux"}
_CUDNN = ("cudnn", "libcudnn", "nvidia-cudnn-cu13", "nvidia-cudnn-cu12", "nvidia-cudnn-cu11")
_NCCL = ("nccl", "nvidia-nccl-cu13", "nvidia-nccl-cu12", "nvidia-nccl-cu11")
_Read = Callable[[Installation, Stack], str]


def technologies(installations: Sequence[Installation]) -> tuple[Fact, ...]:
    """What is locked or installed, in the order in which people ask for it."""
    stacks = [(one, stack(one)) for one in installations]
    return tuple(
        found
        for label, read in _READINGS
        if (found := fact(label, [(one.place, read(one, made)) for one, made in stacks]))
    )


def asked_technologies(manifests: Sequence[Manifest]) -> tuple[Fact, ...]:
    """What manifests without a lock ask for: Python and frameworks, as it is written."""
    names = {"Python": ("python",), **{_TITLES[key]: FRAMEWORKS[key] for key in FRAMEWORKS}}
    return tuple(
        Fact(label, tuple(lines))
        for label, wanted in names.items()
        if (lines := dict.fromkeys(_asked(manifests, wanted)))
    )


def _asked(manifests: Sequence[Manifest], names: tuple[str, ...]) -> Iterator[str]:
    for manifest in manifests:
        texts = [spec.text for spec in manifest.named(*names)]
        texts += [requirement.text for requirement in manifest.pip_named(*names)]
        yield from (f"{shown(text)}, not locked" for text in texts)


def _framework(key: str) -> _Read:
    def read(_: Installation, made: Stack) -> str:
        found = [p for name in FRAMEWORKS[key] for p in made.named(name)]
        return f"{found[0].version}{_build(key, made)}" if found else ""

    return read


def _build(key: str, made: Stack) -> str:
    """``, built for CUDA 12.6`` or ``, CPU build``; empty where the packages do not tell."""
    names = FRAMEWORKS[key]
    needs = [n for n in made.needs if n.package.name in names and n.flavour]
    chosen = next((n for n in needs if n.flavour != "cpu"), needs[0] if needs else None)
    return f", {_flavour(chosen)}" if chosen else ""


def _flavour(need: Need) -> str:
    if need.flavour == "cuda":
        return f"built for CUDA {need.cuda}".rstrip()
    return {"cpu": "CPU build", "rocm": "built for ROCm", "xpu": "built for XPU"}[need.flavour]


def _driver(one: Installation, made: Stack) -> str:
    cuda = stack_cuda(made)
    system = _SYSTEMS.get((one.subdir or one.place.platform).partition("-")[0], "")
    least, full = (least_driver(cuda, system), full_driver(cuda, system)) if system else ("", "")
    if least and full and least != full:
        return f"{full} or newer, or {least} or newer by minor-version compatibility"
    return f"{full or least} or newer" if full or least else ""


def _version(*names: str) -> _Read:
    def read(_: Installation, made: Stack) -> str:
        return next((p.version for name in names for p in made.named(name) if p.version), "")

    return read


_READINGS: tuple[tuple[str, _Read], ...] = (
    ("Python", lambda one, _: one.python),
    *((_TITLES[key], _framework(key)) for key in FRAMEWORKS),
    ("CUDA", lambda _, made: stack_cuda(made)),
    ("NVIDIA driver", _driver),
    ("cuDNN", _version(*_CUDNN)),
    ("NCCL", _version(*_NCCL)),
)
LABELS = tuple(label for label, _ in _READINGS)
"""Every label that a fact about a technology can have."""
