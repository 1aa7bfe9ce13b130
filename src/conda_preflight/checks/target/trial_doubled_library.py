"""target/trial-doubled-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.fitting.trials import mapped, tried
from conda_preflight.report import Problem, Severity

_OPENMP = "OpenMP"
_RUNTIMES = ("libgomp", "libiomp5", "libomp")


@check("target/trial-doubled-library", Severity.WARNING)
def trial_doubled_library(host: Host) -> Iterator[Problem]:
    """One process loaded two libraries of a kind.

    Two copies of cuDNN, NCCL or cudart do not know of each other's state, and which of them
    answers depends on the order of imports. Two runtimes of OpenMP start twice as many threads
    as there are processors, and Intel's ends the process ("OMP: Error #15").

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "bitsandbytes.import", "status": "passed",
       "facts": {
         "mapped.libcudart.so.12": "lib/libcudart.so.12",
         "mapped.libcudart.so.13": "lib/python3.11/site-packages/nvidia/cu13/lib/libcudart.so.13"}}
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
         "mapped.libgomp-a34b3233.so.1": "lib/python3.11/site-packages/torch.libs/libgomp.so.1",
         "mapped.libiomp5.so": "lib/libiomp5.so"}}
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
         "mapped.libcublas.so.12": "lib/libcublas.so.12",
         "mapped.libcublasLt.so.12": "lib/libcublasLt.so.12",
         "mapped.libgomp.so.1": "lib/libgomp.so.1"}}
    ]}
    ```

    ## Fix

    Take packages that were built for one CUDA, from one source: all from conda, or all wheels.
    """
    told: set[tuple[str, ...]] = set()
    for trial in tried(host).values():
        kinds: dict[str, list[str]] = {}
        for _, path, kind in mapped(trial):
            kinds.setdefault(_OPENMP if kind in _RUNTIMES else kind, []).append(path)
        for kind, paths in kinds.items():
            if len(paths) > 1 and tuple(paths) not in told:
                told.add(tuple(paths))
                yield Problem(
                    about=kind,
                    message=f"`{trial.step}` loaded {' and '.join(paths[:3])}",
                    location=host.location,
                    fix="Take packages of one CUDA from one source, conda's or wheels.",
                )
