"""target/no-code-for-gpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix, Requirements
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.advice import others_for_gpu
from conda_preflight.fitting.blame import by_code, unknown
from conda_preflight.fitting.capability import Code, capability, code_for, listed
from conda_preflight.fitting.machine import Card, nvidia_cards
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.toolkit import has_dropped, is_too_old
from conda_preflight.plain import value_type
from conda_preflight.report import Problem, Severity

_UNSURE = {
    Code.RELATED: "which NVIDIA does not promise to run on a Jetson",
    Code.PARTIAL: "and for it only some kernels",
    Code.PTX: "so that only PTX, if it has any, can run",
}


@check("target/no-code-for-gpu", Severity.ERROR, reads=("gpus",))
def no_code_for_gpu(
    lock: Lock | Prefix | Requirements, stacks: Stacks, host: Host
) -> Iterator[Problem]:
    """A package was compiled without code for the GPU of the target.

    The first kernel ends with "no kernel image is available for execution on the device". Code
    for capability 8.0 runs on 8.6 too, and never on 9.0 or 7.5. New GPUs need new builds: B200
    and RTX 50 need CUDA 12.8. Old ones are dropped: torch from the public index has nothing for
    Pascal since 2.8 and nothing for V100 since 2.11, and CUDA 13 cannot compile for them.

    Which code a release has was measured in its wheels, or is stated by its build scripts.
    Where only PTX fits, `target/only-ptx-for-gpu` judges. Code for some kernels alone is a
    warning, and so is code of other GPUs on a Jetson.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["v100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    ```

    ```toml preflight.toml
    targets = ["b200"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip onnxruntime-gpu==1.31.1
    ```

    ```toml preflight.toml
    targets = ["b200"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0+cu126
    ```

    ```toml preflight.toml
    targets = ["v100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.8.0-cuda129_mkl_py312_h1_300.conda
    ```

    ```toml preflight.toml
    targets = ["v100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.8.0
    ```

    ```toml preflight.toml
    targets = ["rtx-5090"]
    ```

    ## Fix

    Take a version or a build that has code for the GPU; the message names the nearest. Or
    compile it with `TORCH_CUDA_ARCH_LIST`.
    """
    stack = stacks.of(lock, host)
    needs = by_code(stack)
    cards = nvidia_cards(host) if needs else ()
    found = [hit for need in needs if (hit := _first(need, cards))]
    if not found and unknown(stack):
        raise Skip(f"no table says for which GPUs {unknown(stack)} has code")
    known = [hit for hit in found if hit.need.compiled or hit.need.capability]
    told = {hit.card for hit in known if hit.need.framework}
    by_toolkit = [hit for hit in found if hit not in known and hit.card not in told]
    for hit in (*known, *by_toolkit[:1]):
        yield _problem(hit, host, more=len(by_toolkit) - 1 if hit in by_toolkit else 0)


@value_type
class _Hit:
    """A need that a card does not meet, and why."""

    need: Need
    card: Card
    what: str
    code: Code = Code.NONE


def _first(need: Need, cards: tuple[Card, ...]) -> _Hit | None:
    return next(filter(None, (_judge(need, card) for card in cards)), None)


def _judge(need: Need, card: Card) -> _Hit | None:
    floor = capability(need.capability) if need.capability else None
    if floor and card.capability < floor:
        return _Hit(need, card, f"needs capability {need.capability} or more")
    if need.compiled is None:
        return _by_toolkit(need, card)
    code = code_for(card.capability, need.compiled)
    if code in (Code.CUBIN, Code.PTX):
        return None
    text = f"has code for {listed((*need.compiled.cubins, *need.compiled.ptx))}"
    return _Hit(need, card, text, code)


def _by_toolkit(need: Need, card: Card) -> _Hit | None:
    """What its CUDA says where nobody has looked what is in it."""
    if need.cuda and has_dropped(need.cuda, card.capability):
        return _Hit(need, card, f"is built with CUDA {need.cuda}, which has dropped that GPU")
    if need.cuda and is_too_old(need.cuda, card.capability):
        what = f"is built with CUDA {need.cuda}, which is older than that GPU"
        return _Hit(need, card, what, Code.PTX)
    return None


def _problem(hit: _Hit, host: Host, more: int = 0) -> Problem:
    package, others = hit.need.package, f" (as are {more} more packages)" if more > 1 else ""
    unsure = f", {_UNSURE[hit.code]}" if hit.code in _UNSURE else ""
    return Problem(
        package.name,
        f"`{package.name}` {package.version} {hit.what}{others}; the target has "
        f"{hit.card.title}{unsure}",
        package.location,
        f"Take {others_for_gpu(hit.need, hit.card.capability, host)}.",
        Severity.WARNING if unsure else None,
    )
