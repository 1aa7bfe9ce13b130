"""What a new environment asks for: by task, by GPU and by purpose, with the modules to try."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.plain import value_type
from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.stack import Stack, server, servers, stack

_SERVICE = ("fastapi=0.136", "uvicorn=0.46")
_TASKS: dict[str, tuple[str, ...]] = {
    "train": ("datasets=4.8",),
    "job": (),
    "nlp": ("sentencepiece=0.2", *_SERVICE),
    "cv": ("pillow=12.2", *_SERVICE),
    "speech": ("pysoundfile=0.13", *_SERVICE),
    "fastapi": _SERVICE,
    "ray-serve": (),
    "mlflow": (),
}
_TRANSFORMERS = ("train", "nlp", "cv", "speech")
_PIP = {"ray-serve": ("ray[serve]==2.60.0",), "mlflow": ("mlflow==3.18.0",)}
_PURPOSES = {"dev": ("ipykernel=7.3", "pytest=9.1"), "test": ("pytest=9.1",)}
_MODULES = {"pytorch": "torch", "pytorch-gpu": "torch", "pytorch-cpu": "torch"}
_OTHER_MODULES = {"pillow": "PIL", "pysoundfile": "soundfile", "ray": "ray.serve"}
_SILENT = ("cuda-version", "arm-variant", "python", "pip")
_PIP_VERSION = "pip=26.1"
_SERVER_PYTHON = "3.12"


@value_type
class Wanted:
    """The lines of both halves, in the order in which they are written."""

    conda: tuple[str, ...]
    pip: tuple[str, ...] = ()

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
    return Wanted((*lines, *_TASKS[answers.task.name], *extra), pip)


def _served(answers: Answers, extra: tuple[str, ...]) -> Wanted:
    """A server of PyPI, which is bound to one torch and brings all that it needs."""
    name = answers.task.name
    found = server(name, answers.machine)
    python = f"python={answers.python or _SERVER_PYTHON}"
    pip = (f"torch=={found.torch}", f"{name}=={found.version}")
    return Wanted((python, _PIP_VERSION, *extra), pip)


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
