"""target/old-ptxas."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.documents.stack import Stack
from conda_preflight.facts.triton import ptxas_of
from conda_preflight.fitting.blame import by_code
from conda_preflight.fitting.capability import Code, code_for
from conda_preflight.fitting.machine import Card, nvidia_cards
from conda_preflight.fitting.side_by_side import release
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.toolkit import is_too_old
from conda_preflight.report import Problem, Severity


@check("target/old-ptxas", Severity.WARNING, reads=("gpus",))
def old_ptxas(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """The compiler inside triton does not know the GPU of the target.

    `torch.compile` and every triton kernel hand their code to the `ptxas` that triton brings.
    One that is older than the GPU ends with "Value 'sm_120' is not defined for option 'gpu-name'".
    B200 and RTX 50 need that of CUDA 12.8, which triton has since 3.3.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip triton==3.2.0
    ```

    ```toml preflight.toml
    targets = ["rtx-5090"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip triton==3.4.0
    ```

    ```toml preflight.toml
    targets = ["rtx-5090"]
    ```

    ## Fix

    Take the torch with a later triton, or set `TRITON_PTXAS_PATH` to a later `ptxas`.
    """
    stack = stacks.of(lock, host)
    package = next(iter(stack.named("triton", "pytorch-triton")), None)
    cuda = ptxas_of(release(package.version)) if package else ""
    if not (package and cuda):
        return
    for card in nvidia_cards(host):
        if is_too_old(cuda, card.capability) and not _lacks_code(stack, card):
            yield Problem(
                "triton",
                f"`triton` {package.version} compiles with CUDA {cuda}, which does not know "
                f"{card.title}",
                package.location,
                "Take the torch with a later triton, or set `TRITON_PTXAS_PATH` on the target.",
            )
            return


def _lacks_code(stack: Stack, card: Card) -> bool:
    """Whether a framework has no code for the GPU, which is told by another rule."""
    found = [need.compiled for need in by_code(stack) if need.framework and need.compiled]
    return any(code_for(card.capability, compiled) is Code.NONE for compiled in found)
