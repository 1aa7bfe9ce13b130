"""target/model-too-large."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host
from conda_preflight.documents.model import Model
from conda_preflight.report import Problem, Severity

_MIB = 1024 * 1024
_RESERVED = 1024
"""MiB of a GPU that its context and the libraries take; a round number of usual values."""


@check("target/model-too-large", Severity.ERROR, reads=("gpus",))
def model_too_large(model: Model, host: Host) -> Iterator[Problem]:
    """The weights of the model, or what is kept of each token, do not fit the GPUs.

    Then loading ends with "CUDA out of memory". The weights are counted as they will be loaded:
    from the header of a `.safetensors` file, or from a stated number of parameters and a
    `dtype`. Keys and values of `tokens` at once are added where the model's `config.json` tells
    their size. A gibibyte of each GPU is left to its context and libraries. Activations, and
    what training needs beside the weights (gradients and states of an optimizer are several
    times as large), are not counted.

    It is an error where all GPUs together are too small, a warning where one is and the model
    has to be parted over several.

    ## Fails

    ```toml preflight.toml
    targets = ["t4,count=1"]

    [model]
    parameters = "13B"
    dtype = "bf16"
    ```

    ```yaml environment.yml
    name: chatbot_serve_prod
    dependencies: [python=3.11]
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["a100-80gb"]

    [model]
    parameters = "13B"
    dtype = "bf16"
    ```

    ```yaml environment.yml
    name: chatbot_serve_prod
    dependencies: [python=3.11]
    ```

    ```toml preflight.toml
    targets = ["cpu"]

    [model]
    parameters = "13B"
    dtype = "bf16"
    ```

    ```yaml environment.yml
    name: chatbot_serve_prod
    dependencies: [python=3.11]
    ```

    ## Fix

    Take a GPU with more memory, more GPUs and tensor parallelism, or load the weights in fewer
    bits: `dtype = "int4"`.
    """
    if model.fault:
        raise Skip(f"the model cannot be measured: {model.fault}")
    if host.gpus is None:
        raise Skip("the target does not say which GPUs it has")
    memory = [max(gpu.memory_mib - _RESERVED, 0) for gpu in host.gpus]
    if any(not gpu.memory_mib for gpu in host.gpus):
        raise Skip("the target does not say how much memory its GPUs have")
    kept = model.cache * model.tokens
    need = -(-(model.weights + kept) // _MIB)
    if host.gpus and need > max(memory):
        beyond = need > sum(memory)
        yield _problem(model, host, need, kept // _MIB, is_beyond=beyond)


def _problem(model: Model, host: Host, need: int, kept: int, *, is_beyond: bool) -> Problem:
    gpus = host.gpus or ()
    count = f"{len(gpus)} GPUs with" if len(gpus) > 1 else "one GPU with"
    tokens = f" and {_gib(kept)} for {model.tokens:,} tokens" if kept else ""
    least = -(-need // max(1, max(gpu.memory_mib for gpu in gpus) - _RESERVED))
    return Problem(
        about=model.path,
        message=f"{model.stated} need {_gib(need - kept)} of memory for the weights{tokens}; the "
        f"target has {count} {_gib(max(gpu.memory_mib for gpu in gpus))}",
        location=model.location,
        fix=f"Part the model over {least} such GPUs, take larger ones, or load it in fewer bits.",
        severity=None if is_beyond else Severity.WARNING,
    )


def _gib(mib: int) -> str:
    return f"{mib / 1024:.1f} GiB"
