"""What a new environment asks for: by task, by GPU and by purpose, with the modules to try."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.plain import value_type
from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.stack import Stack, server, servers, stack

_SERVICE = ("fastapi=0.136", "uvicorn=0.46")
_TASKS: dict[str, tuple[str, ...]] = {
    "train": (),
    "job": (),
    "nlp": _SERVICE,
    "cv": ("pillow=12.2", *_SERVICE),
    "speech": _SERVICE,
    "fastapi": _SERVICE,
    "ray-serve": (),
    "mlflow": (),
}
_TRANSFORMERS = ("train", "nlp", "cv", "speech")
_PIP = {
    "speech": ("soundfile==0.14.0",),
    "ray-serve": ("ray[serve]==2.60.0",),
    "mlflow": ("mlflow==3.17.2",),
}
_PURPOSES = {"dev": ("ipykernel=7.3", "pytest=9.1"), "test": ("pytest=9.1",)}
_MODULES = {"pytorch": "torch", "pytorch-gpu": "torch", "pytorch-cpu": "torch"}
_OTHER_MODULES = {"pillow": "PIL", "ray": "ray.serve"}
_SILENT = ("cuda-version", "arm-variant", "python", "pip", "setuptools")
_PIP_VERSION = "pip=26.1"
_BOUND = {"vllm": ("setuptools=80",)}
"""What conda brings, and a server of PyPI wants in an older version than the newest."""
_KEPLER = "11.4"
"""The last CUDA that a driver for Kepler is made for; source: NVIDIA's branch 470."""
_SERVER_PYTHON = "3.12"


@value_type
class Wanted:
    """The lines of both halves, in the order in which they are written.

    ``cuda`` is what the driver must be made for, empty where there is no GPU of NVIDIA's.
    """

    conda: tuple[str, ...]
    pip: tuple[str, ...] = ()
    cuda: str = ""

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules of which a smoke test shows that they are there."""
        names = [line.partition("=")[0].partition("[")[0] for line in (*self.conda, *self.pip)]
        found = [{**_MODULES, **_OTHER_MODULES}.get(n, n) for n in names if n not in _SILENT]
        return tuple(dict.fromkeys(found))


def wanted(answers: Answers) -> Wanted:
    """What the environment asks for; raises UsageError where its GPU runs none of it."""
    extra = _PURPOSES.get(answers.purpose, ())
    if answers.task.name in servers():
        return _served(answers, extra)
    chosen = stack(answers.machine, answers.python)
    pip = _PIP.get(answers.task.name, ())
    python = f"python={answers.python or chosen.python}"
    lines = [python, *([_PIP_VERSION] if pip else []), *_framework(answers, chosen)]
    driver = _KEPLER if chosen.cuda.startswith("11.") else chosen.cuda
    return Wanted((*lines, *_TASKS[answers.task.name], *extra), pip, driver)


def _served(answers: Answers, extra: tuple[str, ...]) -> Wanted:
    """A server of PyPI, which is bound to one torch and brings all that it needs."""
    name = answers.task.name
    found = server(name, answers.machine)
    python = f"python={answers.python or _SERVER_PYTHON}"
    pip = (f"torch=={found.torch}", f"{name}=={found.version}")
    lines = (python, _PIP_VERSION, *_BOUND.get(name, ()), *extra)
    return Wanted(lines, pip, found.cuda)


def _framework(answers: Answers, chosen: Stack) -> Iterator[str]:
    if chosen.cuda:
        yield f"pytorch-gpu={chosen.torch}"
        yield f"cuda-version={chosen.cuda}"
        if chosen.board:
            yield f"arm-variant=*={chosen.board}"
    elif answers.machine.platform == "osx-arm64":
        yield f"pytorch={chosen.torch}"  # its builds for macOS use the GPU through Metal
    else:
        yield f"pytorch-cpu={chosen.torch}"
    yield f"numpy={chosen.numpy}"
    if answers.task.name in _TRANSFORMERS:
        yield f"transformers={chosen.transformers}"
        yield f"accelerate={chosen.accelerate}"
    if answers.task.name == "train":
        yield f"datasets={chosen.datasets}"
