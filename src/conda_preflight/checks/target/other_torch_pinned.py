"""target/other-torch-pinned."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.fitting.side_by_side import Together, judged, release
from conda_preflight.fitting.torch_pins import pinned
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_NAMES = ("vllm", "xformers", "sglang")


@check("target/other-torch-pinned", Severity.ERROR)
def other_torch_pinned(lock: Lock | Prefix) -> Iterator[Problem]:
    """A wheel of vllm, xformers or sglang stands beside another torch than it is built for.

    These wheels name one torch exactly, since they call its C++ interface. With another the
    import ends with an undefined symbol, or their kernels are not registered. A solver keeps
    them together; overrides and installations without dependencies do not.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.5.1
    # pip vllm==0.8.5.post1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0+cu124
    # pip vllm==0.8.5.post1
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.7.1
    # pip xformers==0.0.31.post1
    ```

    ## Fix

    Take the torch that the message names, or the release that was made for yours.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    torch = env.torch
    for package in filter(None, (env.pip.get(name) for name in _NAMES)):
        wanted = pinned(package.name, release(package.version))
        if torch and wanted and not matches(f"=={wanted}", release(torch.version)):
            yield Problem(
                package.name,
                f"`{package.name}` {package.version} is built for torch {wanted}, and "
                f"`{torch.name}` {torch.version} is there",
                package.location,
                f"Take torch {wanted}, or the {package.name} that was made for {torch.version}.",
            )
