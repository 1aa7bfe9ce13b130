"""node/no-compiler."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix, Project
from conda_preflight.errors import Skip
from conda_preflight.facts.run_time_compilers import NEEDS, PACKAGES, PROVIDERS, READY, TITLES
from conda_preflight.grammar.node import node_of
from conda_preflight.report import Problem, Severity


@check("node/no-compiler", Severity.WARNING)
def no_compiler(host: Host, project: Project) -> Iterator[Problem]:
    """A package makes kernels at run time, and the machine has no compiler for it.

    DeepSpeed and FlashInfer compile CUDA code when it is first used and need nvcc and a C++
    compiler; triton, and with it `torch.compile`, needs a C compiler. Compilers in the
    environment count. For triton it is a note, since many programs never compile.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "node": {
      "tool.cc": "yes",
      "tool.nvcc": "no"
    }}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/deepspeed-1.0-0.conda
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "node": {
      "tool.cc": "no",
      "tool.nvcc": "no"
    }}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/triton-1.0-0.conda
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "node": {
      "tool.cc": "yes",
      "tool.nvcc": "yes"
    }}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/deepspeed-1.0-0.conda
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "node": {
      "tool.cc": "no",
      "tool.nvcc": "no"
    }}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/triton-1.0-0.conda
    https://conda.example.org/main/linux-64/gcc_linux-64-1.0-0.conda
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "node": {
      "tool.cc": "no",
      "tool.nvcc": "no"
    }}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.0-0.conda
    ```

    ## Fix

    Add `gcc_linux-64` (and `cuda-nvcc` of the CUDA version that torch was built with) to the
    environment, or install them on the machine. FlashInfer has packages with ready kernels:
    flashinfer-cubin and flashinfer-jit-cache.
    """
    node = node_of(host)
    if not node["tool.cc"]:
        raise Skip("PATH is not known, by which compilers are found")
    environments: list[Lock | Prefix] = [*project.of(Lock), *project.of(Prefix)]
    if not environments:
        raise Skip("there is no lock and no prefix beside the machine")
    for environment in environments:
        names = _names(environment, host.subdir)
        for package, tools in NEEDS.items():
            missing = [t for t in tools if node[f"tool.{t}"] == "no" and not names & PROVIDERS[t]]
            if package in names and missing and not names & READY.get(package, frozenset()):
                yield _problem(host, f"{package}, {environment.path}", missing)


def _problem(host: Host, about: str, missing: list[str]) -> Problem:
    package = about.partition(",")[0]
    shown = " and ".join(TITLES[tool] for tool in missing)
    return Problem(
        about=about,
        message=f"{package} compiles kernels at run time and needs {shown}, which neither the "
        "machine nor the environment has",
        location=host.location,
        fix=f"Add {' and '.join(PACKAGES[tool] for tool in missing)} to the environment.",
        severity=Severity.NOTE if package == "triton" else None,
    )


def _names(environment: Lock | Prefix, subdir: str) -> set[str]:
    """The names of the packages that are for this platform."""
    own = ("", "any", "noarch", subdir)
    return {p.name for p in environment.packages if not subdir or (p.platform or p.subdir) in own}
