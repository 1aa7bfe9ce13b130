"""target/jetson-build."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.documents.stack import Stack
from conda_preflight.fitting.blame import by_code
from conda_preflight.fitting.capability import TEGRA
from conda_preflight.fitting.machine import nvidia_cards
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

_ONE_KIND_SINCE = 13


@check("target/jetson-build", Severity.WARNING, reads=("gpus",))
def jetson_build(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """A build for aarch64 servers stands on a Jetson, or one for Jetson on a server.

    Both are linux-aarch64, and before CUDA 13 they are different: Jetson has its own libraries
    and its own wheels. conda-forge says it with `arm-variant=*=tegra`, for CUDA 12.9. From CUDA
    13 on one kind serves both. Source: the guide of conda-forge's CUDA packages.

    ## Fails

    ```text conda-linux-aarch64.lock
    @EXPLICIT
    # platform: linux-aarch64
    https://conda.anaconda.org/conda-forge/linux-aarch64/pytorch-2.8.0-cuda129_generic_py311_h1_200.conda
    ```

    ```toml preflight.toml
    targets = ["jetson-orin"]
    ```

    ```text conda-linux-aarch64.lock
    @EXPLICIT
    # platform: linux-aarch64
    https://conda.anaconda.org/conda-forge/noarch/arm-variant-1.2.0-tegra.conda
    https://conda.anaconda.org/conda-forge/linux-aarch64/pytorch-2.12.0-cuda129_generic_py311_h1_200.conda
    ```

    ```toml preflight.toml
    targets = ["gh200"]
    ```

    ## Passes

    ```text conda-linux-aarch64.lock
    @EXPLICIT
    # platform: linux-aarch64
    https://conda.anaconda.org/conda-forge/noarch/arm-variant-1.2.0-tegra.conda
    https://conda.anaconda.org/conda-forge/linux-aarch64/pytorch-2.12.0-cuda129_generic_py311_h1_200.conda
    ```

    ```toml preflight.toml
    targets = ["jetson-orin"]
    ```

    ## Fix

    For a Jetson, add `arm-variant=*=tegra`, or take wheels of NVIDIA's Jetson index; for a
    server, `arm-variant=*=sbsa`.
    """
    if host.subdir != "linux-aarch64":
        return
    stack = stacks.of(lock, host)
    needs = [n for n in by_code(stack) if n.cuda and numbers(n.cuda) < (_ONE_KIND_SINCE,)]
    cards = nvidia_cards(host) if needs else ()
    jetson = any(card.capability in TEGRA for card in cards)
    if cards and jetson is not _is_tegra(stack):
        package = needs[0].package
        made, has = ("a server", "a Jetson") if jetson else ("a Jetson", "a server")
        yield Problem(
            package.name,
            f"`{package.name}` {package.version} is a build of CUDA {needs[0].cuda} for {made}, "
            f"and the target is {has}",
            package.location,
            f"Add `arm-variant=*={'tegra' if jetson else 'sbsa'}` to the manifest and lock again.",
        )


def _is_tegra(stack: Stack) -> bool:
    if any("tegra" in p.build for p in stack.named("arm-variant")):
        return True
    return any("jetson" in p.url or "/jp" in p.url for p in stack.named("torch", "pytorch"))
