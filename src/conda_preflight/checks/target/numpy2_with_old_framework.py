"""target/numpy2-with-old-framework."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.facts.frameworks import NUMPY2
from conda_preflight.fitting.side_by_side import Together, judged, release
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_ONNXRUNTIME = "1.19.0"
_FIRST = {**NUMPY2, "onnxruntime": _ONNXRUNTIME, "onnxruntime-gpu": _ONNXRUNTIME}


@check("target/numpy2-with-old-framework", Severity.ERROR)
def numpy2_with_old_framework(lock: Lock | Prefix) -> Iterator[Problem]:
    """Numpy 2 stands beside a framework that was compiled for numpy 1.

    The import warns that "a module that was compiled using NumPy 1.x cannot be run in NumPy 2",
    and arrays cannot be turned into tensors. Wheels of torch before 2.3, tensorflow before 2.18
    and onnxruntime before 1.19 are concerned, and pytorch of the channel pytorch. Builds of
    conda-forge bound numpy themselves.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.2.2
    # pip numpy==2.1.0
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/numpy-2.0.1-py311h1_0.conda
    # pip onnxruntime-gpu==1.18.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.3.1
    # pip numpy==2.1.0
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.2.2
    # pip numpy==1.26.4
    ```

    ## Fix

    Add `numpy<2` to the manifest, or take a later framework, and lock again.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    numpy = env.any("numpy")
    if numpy is None or not matches(">=2", numpy.version):
        return
    for name, first in _FIRST.items():
        package = env.pip.get(name) or (env.conda.get("pytorch") if name == "torch" else None)
        is_free = package and (package.manager != "conda" or _is_official(package.channel))
        if package and is_free and matches(f"<{first}", release(package.version)):
            yield Problem(
                package.name,
                f"`{package.name}` {package.version} is built for numpy 1, and numpy "
                f"{numpy.version} is there",
                package.location,
                f"Add `numpy<2` to the manifest, or take {package.name} {first} or later.",
            )


def _is_official(channel: str) -> bool:
    return channel_name(channel) == "pytorch"
