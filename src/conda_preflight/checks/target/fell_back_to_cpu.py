"""target/fell-back-to-cpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Trial
from conda_preflight.fitting.trials import USES, facts, gave_up, symptom_of, tried, uses_gpu
from conda_preflight.report import Problem, Severity

_SHOWN = 300


@check("target/fell-back-to-cpu", Severity.ERROR)
def fell_back_to_cpu(host: Host) -> Iterator[Problem]:
    """The machine has a GPU, and a framework of the environment computes on the CPU.

    Nothing fails then: `torch.cuda.is_available()` is False, a session of onnxruntime has the
    provider for the CPU, `jax.devices()` lists a CPU, and everything is many times slower. A
    framework that is built for the CPU beside another one that uses the GPU is a note, since
    that is often meant.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100"}],
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"build": "cpu", "version": "2.9.0"}},
      {"step": "torch.devices", "status": "failed",
       "detail": "torch uses none (torch 2.9.0 was built without CUDA), though there is a GPU",
       "facts": {
         "available": "no", "reason": "torch 2.9.0 was built without CUDA", "fallback": "yes"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100"}],
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"build": "cuda"}},
      {"step": "torch.devices", "status": "passed",
       "facts": {"available": "yes"}},
      {"step": "onnxruntime.import", "status": "passed",
       "facts": {"build": "cuda"}},
      {"step": "onnxruntime.session", "status": "failed",
       "detail": "the session does not use CUDAExecutionProvider, though there is a GPU",
       "facts": {"device": "cpu", "fallback": "yes"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100"}],
     "trials": [
      {"step": "jax.import", "status": "passed",
       "facts": {"build": "cpu"}},
      {"step": "jax.matmul", "status": "passed",
       "facts": {"device": "cpu"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.devices", "status": "failed",
       "detail": "torch uses none (Error 802: system not yet initialized), though there is a GPU",
       "facts": {"available": "no", "fallback": "yes", "symptom": "err-802"}}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100"}],
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"build": "cuda"}},
      {"step": "torch.devices", "status": "passed",
       "facts": {"available": "yes"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "gpus": [],
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"build": "cpu"}},
      {"step": "torch.devices", "status": "not-tried",
       "detail": "there is no GPU to use",
       "facts": {"available": "no"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100"}],
     "trials": [
      {"step": "jax.matmul", "status": "passed",
       "facts": {"device": "cpu", "wanted": "cpu"}}
    ]}
    ```

    ## Fix

    Install the build for CUDA where the finding says that the build is for the CPU. Else look
    at what the framework says: a driver that is too old, libraries that are not found, or
    `CUDA_VISIBLE_DEVICES`.
    """
    trials = tried(host)
    used = {name: on for name in USES if (on := uses_gpu(name, trials)) is not None}
    given_up = {name for name, step in USES.items() if gave_up(trials.get(step))}
    if not host.gpus and not given_up:
        if host.gpus is None and not used:
            raise Skip("the target does not say which GPUs it has")
        return
    for name, is_used in used.items():
        if not is_used or name in given_up:
            is_meant = _build(name, trials) == "cpu" and any(used.values())
            yield _problem(host, name, trials, is_meant=is_meant)


def _build(name: str, trials: dict[str, Trial]) -> str:
    found = trials.get(f"{name}.import")
    return facts(found).get("build", "") if found else ""


def _problem(host: Host, name: str, trials: dict[str, Trial], *, is_meant: bool) -> Problem:
    trial = trials[USES[name]]
    reason, symptom = facts(trial).get("reason", "") or trial.detail, symptom_of(trial)
    if _build(name, trials) == "cpu":
        why, fix = "it is a build for the CPU", f"Install the build of {name} for CUDA."
    elif symptom:
        why, fix = f"{symptom.cause} [{reason[:_SHOWN]}]", symptom.fix
    else:
        why = reason[:_SHOWN] or "it lists no GPU"
        fix = f"Try it alone with probe --step {trial.step}, and read what it prints."
    return Problem(
        about=name,
        message=f"`{name}` computes on the CPU although the machine has a GPU: {why}",
        location=host.location,
        fix=fix,
        severity=Severity.NOTE if is_meant else None,
    )
