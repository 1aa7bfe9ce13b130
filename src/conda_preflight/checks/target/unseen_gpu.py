"""target/unseen-gpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host
from conda_preflight.fitting.trials import facts, tried
from conda_preflight.report import Problem, Severity

_VARIABLE = "CUDA_VISIBLE_DEVICES"
_MAX = 64


@check("target/unseen-gpu", Severity.ERROR)
def unseen_gpu(host: Host) -> Iterator[Problem]:
    """A framework sees fewer GPUs than the machine has, or others.

    A job that is meant for eight GPUs then fails at its start, or runs on seven.
    `CUDA_VISIBLE_DEVICES` or a container that was given fewer are the usual reasons, and a
    broken GPU is another. Where the sheet says that the variable was set, it is a note.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100", "capability": "8.0"}, {"name": "NVIDIA A100",
     "capability": "8.0"}],
     "trials": [
      {"step": "torch.devices", "status": "passed",
       "facts": {"available": "yes", "devices": "1", "device.0.capability": "8.0"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100", "capability": "8.0"}],
     "trials": [
      {"step": "torch.devices", "status": "passed",
       "facts": {
         "available": "yes", "devices": "1", "device.0.capability": "7.0",
         "device.0.name": "Tesla V100"}}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100", "capability": "8.0"}],
     "trials": [
      {"step": "torch.devices", "status": "passed",
       "facts": {"available": "yes", "devices": "1", "device.0.capability": "8.0"}}
    ]}
    ```

    ## Fix

    Give all GPUs to the container, unset `CUDA_VISIBLE_DEVICES`, or describe the target as it
    is.
    """
    trial = tried(host).get("torch.devices")
    told = facts(trial) if trial else {}
    if host.gpus is None or not told.get("devices", "").isdecimal():
        raise Skip("it was not tried which GPUs are seen")
    seen = int(told["devices"])
    if 0 < seen < len(host.gpus):
        is_meant = f"variable.{_VARIABLE}" in dict(host.node)
        yield Problem(
            about="torch",
            message=f"torch sees {seen} of the machine's {len(host.gpus)} GPUs",
            location=host.location,
            fix=f"Give all of them to the job, and unset {_VARIABLE}.",
            severity=Severity.NOTE if is_meant else None,
        )
    known = {gpu.capability for gpu in host.gpus}
    for at in range(min(seen, _MAX)):
        capability = told.get(f"device.{at}.capability", "")
        if capability and known and "" not in known and capability not in known:
            name = told.get(f"device.{at}.name", "a GPU")
            yield Problem(
                about=f"device {at}",
                message=f"torch sees {name} ({capability}), which the sheet does not have",
                location=host.location,
                fix="Probe the machine again, and try the environment on that one.",
            )
