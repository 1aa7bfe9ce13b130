"""target/unmatched-flash-attn."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.documents.stack import Stack
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.side_by_side import local, release
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_MADE_FOR = lazy_pattern(r"cu(\d{2,3})torch(\d{1,2}\.\d{1,2})(?:cxx11abi(true|false))?")
_FIRST_NEW_ABI = (2, 7)
_NAMES = ("flash-attn", "flash-attn-3", "mamba-ssm", "causal-conv1d")


@check("target/unmatched-flash-attn", Severity.ERROR)
def unmatched_flash_attn(lock: Lock | Prefix, stacks: Stacks) -> Iterator[Problem]:
    """A wheel of flash-attn was built for another torch, another CUDA or another C++ ABI.

    The wheels at GitHub say it in their name: `+cu12torch2.6cxx11abiFALSE`. With another torch
    the import ends with "undefined symbol: _ZN3c105ErrorC2ENS_14SourceLocationESs". Torch of
    the public index has the old ABI up to 2.6 and the new one since 2.7; so has 2.6 for CUDA
    12.6. Wheels of mamba-ssm and causal-conv1d are named alike. What is compiled from source is
    not judged (Dao-AILab/flash-attention issue 1644).

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.7.1
    # pip flash-attn @ https://example.org/flash_attn-2.8.3+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    # pip flash-attn @ https://example.org/flash_attn-2.8.3+cu12torch2.6cxx11abiTRUE-cp311-cp311-linux_x86_64.whl
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    # pip flash-attn @ https://example.org/flash_attn-2.8.3+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.7.1
    # pip flash-attn==2.8.3
    ```

    ## Fix

    Take the wheel whose name has the CUDA, the torch and the ABI of yours, or build it from
    source with `--no-build-isolation`.
    """
    told: set[str] = set()
    for stack in stacks.each(lock):
        for problem in _problems(stack):
            if problem.message not in told:
                told.add(problem.message)
                yield problem


def _problems(stack: Stack) -> Iterator[Problem]:
    torch = next(iter(stack.named("torch")), None)
    cuda = next((n.cuda for n in stack.needs if torch and n.package is torch), "")
    for package in stack.named(*_NAMES) if torch else ():
        text = f"{package.version} {package.url}".lower().replace("%2b", "+")
        made = _MADE_FOR.search(text)
        if torch and made and (why := _differs(torch, cuda, made[1], made[2], made[3] or "")):
            yield _problem(package, torch, why)


def _differs(torch: Package, cuda: str, its_cuda: str, its_torch: str, abi: str) -> str:
    """What the wheel was built for that the torch is not, empty where they agree."""
    version = numbers(release(torch.version))[:2]
    if version and numbers(its_torch) != version:
        return f"torch {its_torch}"
    if cuda and cuda.partition(".")[0] != its_cuda[:2]:
        return f"CUDA {its_cuda[:2]}"
    new = version >= _FIRST_NEW_ABI or (version == (2, 6) and local(torch.version) == "cu126")
    wanted = "true" if new else "false"
    return f"the {'new' if abi == 'true' else 'old'} C++ ABI" if abi and abi != wanted else ""


def _problem(package: Package, torch: Package, why: str) -> Problem:
    return Problem(
        package.name,
        f"`{package.name}` {package.version} was built for {why}, and `torch` {torch.version} is "
        "there",
        package.location,
        "Take the wheel whose name has the CUDA, the torch and the ABI of that torch.",
    )
