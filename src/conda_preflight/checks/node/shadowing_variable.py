"""node/shadowing-variable."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.lock_file import some
from conda_preflight.grammar.node import node_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity


@check("node/shadowing-variable", Severity.WARNING)
def shadowing_variable(host: Host) -> Iterator[Problem]:
    """A variable puts other libraries or modules before those of an environment.

    LD_LIBRARY_PATH with a folder of CUDA, cuDNN or NCCL makes wheels load those ("undefined
    symbol: __nvJitLinkAddData", "cuDNN version incompatibility"); a compat folder replaces the
    driver's libcuda. PYTHONPATH and PYTHONHOME put modules before those of every environment, and
    LD_PRELOAD a library before all others. Other folders in LD_LIBRARY_PATH are a note; those
    that NVIDIA's images set for the driver are none.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.LD_LIBRARY_PATH": "/usr/local/cuda-12.1/lib64:/opt/x/lib"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.PYTHONPATH": "/opt/tools/python"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.LD_PRELOAD": "/usr/lib/libfix.so"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.LD_LIBRARY_PATH": "/opt/x/lib"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.LD_LIBRARY_PATH": "/usr/local/nvidia/lib:/usr/local/nvidia/lib64"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2",
      "variable.LD_LIBRARY_PATH": ""
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cpu.count": "8"
    }}
    ```

    ## Fix

    Unset it where the program is started. Libraries belong into the environment, each once; a
    module system that sets the variable is not loaded beside a conda environment.
    """
    node = node_of(host)
    for name in ("LD_LIBRARY_PATH", "LD_PRELOAD", "PYTHONPATH", "PYTHONHOME"):
        value = node.variable(name) or ""
        parts = [part for part in lazy_pattern(r"[:;\s]").split(value) if part]
        foreign = [part for part in parts if not _OWN.search(part)]
        if foreign:
            is_cuda = any(_CUDA.search(part.lower()) for part in foreign)
            yield Problem(
                about=name,
                message=f"{name} names {some(foreign, 2)}, {_EFFECTS[name]}",
                location=host.location,
                fix=f"Unset {name} where the program is started.",
                severity=None if is_cuda or name != "LD_LIBRARY_PATH" else Severity.NOTE,
            )


_OWN = lazy_pattern(
    r"^/usr/local/nvidia/lib|^/usr/lib/wsl/lib|/(?:libjemalloc|libtcmalloc|libmimalloc)[\w.-]*\.so"
)
"""The driver's folders in NVIDIA's images, and allocators, which replace nothing else."""
_CUDA = lazy_pattern(r"cuda|cudnn|nccl|nvidia|tensorrt|compat|hpc_sdk|libtorch")
_EFFECTS = {
    "LD_LIBRARY_PATH": "whose libraries are loaded before those of an environment",
    "LD_PRELOAD": "which is loaded into every program",
    "PYTHONPATH": "whose modules come before those of every environment",
    "PYTHONHOME": "so that Python takes its own library from there",
}
