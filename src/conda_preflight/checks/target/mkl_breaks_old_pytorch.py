"""target/mkl-breaks-old-pytorch."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.conda_version import matches
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_CHANNEL_BUILD = lazy_pattern(r"py\d\.\d{1,2}_(?:cuda\d|cpu_)")


@check("target/mkl-breaks-old-pytorch", Severity.ERROR)
def mkl_breaks_old_pytorch(lock: Lock | Prefix) -> Iterator[Problem]:
    """A pytorch of the channel pytorch stands beside an mkl with which it cannot be imported.

    mkl 2024.1 dropped a function that builds of the channel pytorch before 2.4 call: `import
    torch` ends with "undefined symbol: iJIT_NotifyEvent" (pytorch/pytorch issue 123097). Builds
    of conda-forge bound their own mkl.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.1.2-py3.10_cuda11.8_cudnn8.7.0_0.tar.bz2
    https://conda.anaconda.org/conda-forge/linux-64/mkl-2024.1.0-h1_0.conda
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.1.2-py3.10_cuda11.8_cudnn8.7.0_0.tar.bz2
    https://conda.anaconda.org/conda-forge/linux-64/mkl-2023.2.0-h1_0.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.1.2-cuda118_py310h1_300.conda
    https://conda.anaconda.org/conda-forge/linux-64/mkl-2024.2.2-h1_0.conda
    ```

    ## Fix

    Add `mkl<2024.1` to the manifest and lock again.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    pytorch, mkl = env.conda.get("pytorch"), env.conda.get("mkl")
    if not (pytorch and mkl) or env.platform.startswith("osx") or "torch" in env.pip:
        return
    ours = channel_name(pytorch.channel) == "pytorch" or _CHANNEL_BUILD.match(pytorch.build)
    if ours and matches("<2.4", pytorch.version) and matches(">=2024.1", mkl.version):
        yield Problem(
            "mkl",
            f"`pytorch` {pytorch.version} of the channel pytorch cannot be imported with `mkl` "
            f"{mkl.version}, and works with versions before 2024.1",
            mkl.location,
            "Add `mkl<2024.1` to the manifest and lock again.",
        )
