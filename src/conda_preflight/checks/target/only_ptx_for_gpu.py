"""target/only-ptx-for-gpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix, Requirements
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.blame import by_code
from conda_preflight.fitting.capability import Code, code_for
from conda_preflight.fitting.driver import Reach, full_driver, reach, supported_cuda
from conda_preflight.fitting.machine import Card, nvidia_cards
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/only-ptx-for-gpu", Severity.WARNING, reads=("gpus", "driver", "cuda"))
def only_ptx_for_gpu(
    lock: Lock | Prefix | Requirements, stacks: Stacks, host: Host
) -> Iterator[Problem]:
    """A package has no machine code for the GPU, only PTX that the driver must compile.

    The first start then takes minutes, and kernels are slower than those made for the GPU. It
    fails where the driver is older than the CUDA of the build, since minor-version compatibility
    does not cover PTX: "the provided PTX was compiled with an unsupported toolchain", error 222.
    TensorFlow 2.17 to 2.21 has most of its kernels as PTX for H100.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda118_py311h1_300.conda
    ```

    ```toml preflight.toml
    targets = ["h100,driver=535.129.03"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.17.1
    # pip nvidia-cuda-runtime-cu12==12.3.101
    ```

    ```toml preflight.toml
    targets = ["h100,driver=535.129.03"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.1
    ```

    ```toml preflight.toml
    targets = ["h100,driver=535.129.03"]
    ```

    ## Fix

    Take a build with code for the GPU, or a driver that is as new as the build's CUDA.
    """
    needs = [need for need in by_code(stacks.of(lock, host)) if need.compiled and need.compiled.ptx]
    cards = nvidia_cards(host) if needs else ()
    for need in needs:
        for card in cards:
            if need.compiled and code_for(card.capability, need.compiled) is Code.PTX:
                yield _problem(need, card, host)
                break


def _problem(need: Need, card: Card, host: Host) -> Problem:
    package, known = need.package, bool(host.driver or host.cuda)
    how = reach(host.driver, host.cuda, need.cuda, host.os) if known and need.cuda else Reach.FULL
    fails = how is Reach.MINOR
    why = f" of CUDA {need.cuda}, and the driver knows only CUDA " if fails else ""
    why += supported_cuda(host.driver, host.cuda, host.os) if fails else ""
    full = full_driver(need.cuda, host.os) or f"for CUDA {need.cuda}"
    return Problem(
        package.name,
        f"`{package.name}` {package.version} has only PTX for {card.title}{why}",
        package.location,
        f"Take driver {full} or newer."
        if fails
        else "Take a build with code for that GPU, or wait at the first start.",
        Severity.ERROR if fails else None,
    )
