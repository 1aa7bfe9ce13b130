"""target/gone-tensorrt."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.report import Problem, Severity

_GONE = {"tensorrt-libs": "8.6.1", "tensorrt-bindings": "8.6.1"}


@check("target/gone-tensorrt", Severity.ERROR)
def gone_tensorrt(lock: Lock) -> Iterator[Problem]:
    """tensorflow[and-cuda] 2.15.0 needs parts of TensorRT that are served no longer.

    Its extra pins `tensorrt-libs` 8.6.1, which the public index does not have any more, so
    that nothing can install the lock. 2.15.1 left it out.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.15.0
    # pip tensorrt-libs==8.6.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.15.1
    # pip nvidia-cuda-runtime-cu12==12.2.140
    ```

    ## Fix

    Take tensorflow 2.15.1 or later and lock again.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    for name, version in _GONE.items():
        if (
            (found := env.pip.get(name))
            and found.version == version
            and not _is_elsewhere(found.url)
        ):
            yield Problem(
                "tensorrt",
                f"`{name}` {version} is served no longer, so that this cannot be installed",
                found.location,
                "Take tensorflow 2.15.1 or later, and lock again.",
            )
            return


def _is_elsewhere(url: str) -> bool:
    return bool(url) and "pythonhosted" not in url and "pypi" not in url
