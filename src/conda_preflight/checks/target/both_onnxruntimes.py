"""target/both-onnxruntimes."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.report import Problem, Severity


@check("target/both-onnxruntimes", Severity.ERROR)
def both_onnxruntimes(lock: Lock | Prefix) -> Iterator[Problem]:
    """Onnxruntime and onnxruntime-gpu are both there, and overwrite each other's files.

    The two wheels hold a package of the same name. Whichever is installed last wins, and where
    that is the one for the CPU, sessions run on the CPU and nothing is said
    (microsoft/onnxruntime issue 7748).

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip onnxruntime==1.20.1
    # pip onnxruntime-gpu==1.20.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip onnxruntime-gpu==1.20.1
    ```

    ## Fix

    Keep one of the two. Where another package requires `onnxruntime`, install it without its
    dependencies, or override that requirement.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    plain, gpu = env.any("onnxruntime"), env.pip.get("onnxruntime-gpu")
    if plain and gpu:
        yield Problem(
            "onnxruntime-gpu",
            f"`onnxruntime` {plain.version} and `onnxruntime-gpu` {gpu.version} overwrite each "
            "other, and the CPU may be used in silence",
            gpu.location,
            "Keep `onnxruntime-gpu` alone.",
        )
