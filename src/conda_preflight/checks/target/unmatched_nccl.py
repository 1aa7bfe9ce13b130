"""target/unmatched-nccl."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.documents.stack import Stack
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/unmatched-nccl", Severity.WARNING)
def unmatched_nccl(lock: Lock | Prefix, stacks: Stacks) -> Iterator[Problem]:
    """The wheel of NCCL is another than torch was built and tested with.

    Torch names one version of it; another comes in with an override, or with a package that is
    installed later. Processes whose NCCL differ, on one node or on two, hang or fail when they
    meet, and newer versions need other rights in containers (NVIDIA/nccl issue 1838).

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    # pip nvidia-nccl-cu12==2.25.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    # pip nvidia-nccl-cu12==2.21.5
    ```

    ## Fix

    Pin the version that torch names, on every node.
    """
    told: set[str] = set()
    for stack in stacks.each(lock):
        for problem in _problems(stack):
            if problem.message not in told:
                told.add(problem.message)
                yield problem


def _problems(stack: Stack) -> Iterator[Problem]:
    torch = next((n for n in stack.needs if n.package.name == "torch" and n.nccl), None)
    if torch is None:
        return
    wanted = numbers(torch.nccl)
    for nccl in stack.named("nvidia-nccl-cu11", "nvidia-nccl-cu12", "nvidia-nccl-cu13"):
        if numbers(nccl.version)[: len(wanted)] != wanted:
            yield Problem(
                nccl.name,
                f"`torch` {torch.package.version} was built with NCCL {torch.nccl}, and "
                f"`{nccl.name}` {nccl.version} is there",
                nccl.location,
                f"Take `{nccl.name}=={torch.nccl}`.",
            )
