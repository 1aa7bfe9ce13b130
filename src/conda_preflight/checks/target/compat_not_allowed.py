"""target/compat-not-allowed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.fitting.blame import by_cuda
from conda_preflight.fitting.compatibility import compatibility, serves
from conda_preflight.fitting.driver import Reach, forward_base, reach
from conda_preflight.fitting.machine import nvidia_cards
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

_CONSUMER = "geforce"


@check("target/compat-not-allowed", Severity.ERROR, reads=("driver", "cuda", "gpus"))
def compat_not_allowed(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """The environment brings cuda-compat, and the target does not allow it or does not use it.

    Forward compatibility puts a newer `libcuda` over an older driver. It works on data-centre
    GPUs, some RTX cards for servers and Jetsons only, elsewhere it ends with error 804; and only
    over the driver branches that NVIDIA lists (R535, R570, R580 and later). conda's package lies
    in `$PREFIX/cuda-compat` and does nothing until `LD_LIBRARY_PATH` names that folder: a
    warning where the driver alone is too old. Source: NVIDIA's guide on forward compatibility.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-compat-13.0.0-h1_0.conda
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["rtx-4090,driver=570.86.15"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-compat-13.0.0-h1_0.conda
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105.17"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-compat-13.0.0-h1_0.conda
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=580.95.05"]
    ```

    ## Fix

    Take an older build, or a newer driver. Where it is allowed, set
    `LD_LIBRARY_PATH=$CONDA_PREFIX/cuda-compat` for the process.
    """
    stack = stacks.of(lock, host)
    package = compatibility(stack)
    if package is None:
        return
    if not (host.driver or host.cuda):
        raise Skip("the target does not say its driver")
    consumer = next((card for card in nvidia_cards(host) if card.kind == _CONSUMER), None)
    needs = by_cuda(stack)
    short = [n for n in needs if reach(host.driver, host.cuda, n.cuda, host.os) is Reach.NONE]
    if consumer:
        yield _problem(package, f"{consumer.title} does not allow it: error 804", short=bool(short))
    elif short and not forward_base(host.driver):
        yield _problem(
            package, f"driver {host.driver} is no branch that it is made for", short=True
        )
    elif short and all(serves(package, need) for need in short):
        yield Problem(
            "cuda-compat",
            f"`{package.name}` {package.version} makes up for driver {host.driver} only where "
            "`LD_LIBRARY_PATH` names $CONDA_PREFIX/cuda-compat",
            package.location,
            "Set `LD_LIBRARY_PATH=$CONDA_PREFIX/cuda-compat` for the process on the target.",
            Severity.WARNING,
        )


def _problem(package: Package, why: str, *, short: bool) -> Problem:
    return Problem(
        "cuda-compat",
        f"`{package.name}` {package.version} is there for forward compatibility, and {why}",
        package.location,
        "Take an older build of the framework, or a newer driver, without cuda-compat.",
        None if short else Severity.WARNING,
    )
