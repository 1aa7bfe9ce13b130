"""target/trial-failed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Trial
from conda_preflight.fitting.trials import BAD, gave_up, symptom_of, tried
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_SPECIAL = ("torch.compile", "torch.attention.")
_SHOWN = 300


@check("target/trial-failed", Severity.ERROR)
def trial_failed(host: Host) -> Iterator[Problem]:
    """Something that was tried on the machine failed, crashed or hung.

    `probe --prefix` tries an environment with its own Python, each step in a process of its
    own. What a failed step printed is compared with what programs say in known failures, so
    that the finding can tell the cause; steps that fail for one cause are one finding.
    `torch.compile` and single kernels for attention are warnings, since not every model uses
    them.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.matmul", "status": "failed",
       "detail": "CUDA error: no kernel image is available for execution on the device"}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.all-reduce", "status": "hung",
       "detail": "it was stopped after 300 seconds (at: an all-reduce of 8 ranks by nccl)"}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "smoke", "status": "crashed",
       "detail": "it was ended by SIGKILL",
       "facts": {"script": "serve.py", "symptom": "out-of-memory"}}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.matmul", "status": "passed",
       "facts": {"device": "cuda"}},
      {"step": "jax.import", "status": "not-installed",
       "detail": "jax is not there"},
      {"step": "torch.copy", "status": "not-tried",
       "detail": "a copy between GPUs needs 2 GPUs, and torch sees 1"}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.devices", "status": "failed",
       "detail": "torch uses none (torch 2.9.0 was built without CUDA), though there is a GPU",
       "facts": {"fallback": "yes"}}
    ]}
    ```

    ## Fix

    What the finding says. Where the cause is not known, run the step again with
    `conda-preflight probe --prefix DIR --step NAME` and look for its message in the tracker of
    the framework. That a framework uses no GPU is told by
    `target/fell-back-to-cpu`.
    """
    groups: dict[str, list[Trial]] = {}
    for trial in tried(host).values():
        if trial.status in BAD and not gave_up(trial):
            symptom = symptom_of(trial)
            groups.setdefault(symptom.id if symptom else trial.step, []).append(trial)
    for about, trials in groups.items():
        yield _problem(host, about, trials)


def _problem(host: Host, about: str, trials: list[Trial]) -> Problem:
    first, symptom = trials[0], symptom_of(trials[0])
    said = first.detail if len(first.detail) <= _SHOWN else f"{first.detail[:_SHOWN]}..."
    cause = f": {symptom.cause}" if symptom else ""
    also = f" (and {some((t.step for t in trials[1:]), 3)})" if len(trials) > 1 else ""
    fix = symptom.fix if symptom else f"Try it alone with probe --step {first.step}."
    is_special = all(trial.step.startswith(_SPECIAL) for trial in trials)
    return Problem(
        about=about,
        message=f"`{first.step}`{also} {first.status}{cause} [{said}]",
        location=host.location,
        fix=fix,
        severity=Severity.WARNING if is_special else None,
    )
