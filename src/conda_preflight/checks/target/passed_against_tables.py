"""target/passed-against-tables."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.capability import Code, capability, code_for
from conda_preflight.fitting.driver import Reach, reach
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.trials import facts, package_of, tried
from conda_preflight.report import Problem, Severity

_COMPUTED = {
    "torch": "torch.matmul",
    "jax": "jax.matmul",
    "tensorflow": "tensorflow.matmul",
    "onnxruntime": "onnxruntime.session",
}
_GPU = ("cuda", "gpu")


@check("target/passed-against-tables", Severity.NOTE, reads=("driver", "cuda", "gpus", "trials"))
def passed_against_tables(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """The tables say that it cannot run on this machine, and it did.

    What a driver or a GPU can run is judged by published tables. A framework that computed
    rightly on the GPU is stronger than a table: one of them is wrong or too old, the machine
    has libraries for forward compatibility, or another build was tried.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0+cu130
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "driver": "525.105.17",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.11.0"}},
      {"step": "torch.matmul", "status": "passed",
       "facts": {"device": "cuda"}}
    ]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.1.2+cu118
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "driver": "525.105.17",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.1.2"}},
      {"step": "torch.matmul", "status": "passed",
       "facts": {"device": "cuda"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0+cu130
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "driver": "525.105.17",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.11.0"}},
      {"step": "torch.matmul", "status": "failed",
       "facts": {"device": "cuda"}}
    ]}
    ```

    ## Fix

    Trust the trial, and report the table to the makers of conda-preflight with the fact sheet.
    """
    trials = tried(host)
    stack = stacks.of(lock, host)
    for need in stack.needs:
        for name, step in _COMPUTED.items():
            trial = trials.get(step)
            passed = trial and trial.status == "passed" and facts(trial).get("device") in _GPU
            if passed and need.package is package_of(name, stack) and (why := _doubt(need, host)):
                yield Problem(
                    about=name,
                    message=f"`{need.package.name}` {need.package.version} computed rightly on "
                    f"the GPU, though the tables say that {why}",
                    location=need.package.location,
                    fix="Trust the trial, and report the table.",
                )


def _doubt(need: Need, host: Host) -> str:
    """Why it should not have run, empty where the tables agree with the machine."""
    have = host.driver or host.cuda
    if have and need.cuda and reach(host.driver, host.cuda, need.cuda, host.os) is Reach.NONE:
        return f"CUDA {need.cuda} needs a newer driver than {have}"
    for gpu in host.gpus or ():
        known = capability(gpu.capability)
        if known and need.compiled and code_for(known, need.compiled) is Code.NONE:
            return f"it has no code for {gpu.name or 'a GPU'} ({gpu.capability})"
    return ""
