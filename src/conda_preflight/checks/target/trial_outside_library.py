"""target/trial-outside-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.fitting.trials import facts, mapped, tried
from conda_preflight.report import Problem, Severity

_DRIVER = ("libcuda",)
_SYSTEM = ("libstdc++", "libgomp")


@check("target/trial-outside-library", Severity.WARNING)
def trial_outside_library(host: Host) -> Iterator[Problem]:
    """A library of CUDA, or one that the environment has itself, was loaded from outside of it.

    Which one is found depends on the machine then (`LD_LIBRARY_PATH`, the loader's cache), and
    no lock knows it. Where the environment has a library of that name, and another one was
    used, it is an error: what was installed is not what runs. The driver's own `libcuda`
    always comes from the system, and so does `libstdc++` where the environment has none.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.matmul", "status": "passed",
       "facts": {"mapped.libcudnn.so.9": "/usr/lib/x86_64-linux-gnu/libcudnn.so.9.1.0"}}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {
         "mapped.libstdc++.so.6.0.30": "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
         "own.libstdc++.so.6.0.30": "lib/libstdc++.so.6"}}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {
         "mapped.libcudart.so.12": "lib/libcudart.so.12",
         "mapped.libcuda.so.550.54.15": "/usr/lib/x86_64-linux-gnu/libcuda.so.550.54.15",
         "mapped.libstdc++.so.6.0.30": "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30"}}
    ]}
    ```

    ## Fix

    Unset `LD_LIBRARY_PATH` where the environment is used, or take the folder out of it.
    Install the library into the environment where it has none.
    """
    told: set[str] = set()
    for trial in tried(host).values():
        for name, path, kind in mapped(trial):
            own = facts(trial).get(f"own.{name}", "")
            is_outside = path.startswith("/") and kind not in _DRIVER
            if is_outside and (own or kind not in _SYSTEM) and path not in told:
                told.add(path)
                yield _problem(host, trial.step, path, own, name)


def _problem(host: Host, step: str, path: str, own: str, name: str) -> Problem:
    beside = f", though the environment has {own}" if own else ", which is not in the environment"
    return Problem(
        about=name,
        message=f"`{step}` loaded {path}{beside}",
        location=host.location,
        fix="Take its folder out of LD_LIBRARY_PATH."
        if own
        else "Install it into the environment, so that the lock has it.",
        severity=Severity.ERROR if own else None,
    )
