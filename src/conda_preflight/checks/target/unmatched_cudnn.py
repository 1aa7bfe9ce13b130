"""target/unmatched-cudnn."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_CUDNN = ("nvidia-cudnn-cu13", "nvidia-cudnn-cu12", "nvidia-cudnn-cu11", "cudnn", "libcudnn")
_INCOMPLETE = ("nvidia-cudnn-cu13", "9.20.0.48")
_JAX = ("jax-cuda13-plugin", "jax-cuda12-plugin")
_FLOORS = ((">=0.7", "9.8"), (">=0.4.30", "9.0"))
"""The least cuDNN for releases of JAX; source: its installation page and the wheels' metadata."""


@check("target/unmatched-cudnn", Severity.ERROR)
def unmatched_cudnn(lock: Lock | Prefix) -> Iterator[Problem]:
    """CuDNN is another than a package beside it was made for.

    ctranslate2 before 4.5 calls cuDNN 8 and later ones call cuDNN 9, and neither is found by
    the name of the other. The plugins of JAX refuse a cuDNN that is older than the one they
    were built with: 9.8 since 0.7. The wheel of cuDNN 9.20.0.48 for CUDA 13 lacks a part, which
    is taken from the machine where that has one (pytorch/pytorch issue 185512): a note.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip ctranslate2==4.4.0
    # pip nvidia-cudnn-cu12==9.1.0.70
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip jax-cuda12-plugin==0.7.2
    # pip nvidia-cudnn-cu12==9.1.0.70
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.12.0
    # pip nvidia-cudnn-cu13==9.20.0.48
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip ctranslate2==4.5.0
    # pip nvidia-cudnn-cu12==9.1.0.70
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip jax-cuda12-plugin==0.7.2
    # pip nvidia-cudnn-cu12==9.10.2.21
    ```

    ## Fix

    Take the version of cuDNN, or of the package, that the message names.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    cudnn = env.any(*_CUDNN)
    if cudnn is None:
        return
    yield from _ctranslate2(env, cudnn)
    plugin = env.any(*_JAX)
    floor = next((cudnn for jax, cudnn in _FLOORS if plugin and matches(jax, plugin.version)), "")
    if plugin and floor and matches(f"<{floor}", cudnn.version):
        message = (
            f"`{plugin.name}` {plugin.version} needs cuDNN {floor} or newer, and `{cudnn.name}` "
            f"{cudnn.version} is there"
        )
        yield Problem("jax", message, cudnn.location, f"Take `{cudnn.name}>={floor}`.")
    if (cudnn.name, cudnn.version) == _INCOMPLETE:
        yield Problem(
            cudnn.name,
            f"`{cudnn.name}` {cudnn.version} lacks libcudnn_engines_tensor_ir, which is taken "
            "from the machine where that has a cuDNN",
            cudnn.location,
            "See that no other cuDNN is on the target's library path.",
            Severity.NOTE,
        )


def _ctranslate2(env: Together, cudnn: Package) -> Iterator[Problem]:
    package = env.pip.get("ctranslate2")
    if package is None:
        return
    wants = 8 if matches("<4.5", package.version) else 9
    if not matches(f"={wants}", cudnn.version) and matches(">=8", cudnn.version):
        fix = "Take ctranslate2 4.5 or later." if wants == 8 else "Take ctranslate2 before 4.5."  # noqa: PLR2004
        message = f"`ctranslate2` {package.version} calls cuDNN {wants}, and `{cudnn.name}` "
        yield Problem("ctranslate2", f"{message}{cudnn.version} is there", package.location, fix)
