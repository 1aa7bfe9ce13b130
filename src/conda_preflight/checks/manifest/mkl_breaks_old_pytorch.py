"""manifest/mkl-breaks-old-pytorch."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.facts.frameworks import FUTURE, torch_versions
from conda_preflight.grammar.asked import Asked, asked, by_conda
from conda_preflight.grammar.channel import is_licensed
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.cpu_purpose import is_for_macos
from conda_preflight.grammar.pip_constraint import contradicts
from conda_preflight.grammar.torch_origin import origin
from conda_preflight.report import Problem, Severity

_MKL = ("mkl", "mkl-devel", "mkl-include")
_OLD = ("2018.0", "2019.4", "2020.2", "2021.4.0", "2022.1.0", "2022.2.1", "2023.1.0", "2023.2.0")
_GOOD = (*_OLD, "2024.0", "2024.0.0")
_BAD = ("2024.1.0", "2024.2.2", "2025.0.0", "2025.3.0", "2026.0.0", FUTURE)
_NUMPY_OF_THAT_DAY = "1.26"


@check("manifest/mkl-breaks-old-pytorch", Severity.WARNING)
def mkl_breaks_old_pytorch(manifest: Manifest) -> Iterator[Problem]:
    """An older pytorch of the channel pytorch meets a newer mkl, and cannot be imported.

    mkl 2024.1 dropped a function that the builds of pytorch before 2.5 call, and these builds
    accept any mkl. `import torch` then ends with "undefined symbol: iJIT_NotifyEvent"
    (pytorch/pytorch issue 123097). An open mkl is a warning, since another package may hold
    it down; one that can only be 2024.1 or later is an error with pytorch before 2.4.

    Builds of conda-forge and wheels bring or bound their own mkl, and macOS has no such builds.
    An older numpy from defaults holds mkl down as well. Then nothing is said.

    ## Fails

    ```yaml environment.yml
    channels: [pytorch, nvidia, defaults]
    dependencies:
      - pytorch=2.0.1
      - pytorch-cuda=11.8
    ```

    ```yaml environment.yml
    channels: [pytorch, conda-forge]
    dependencies:
      - pytorch=1.13.1
      - mkl>=2024.1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [pytorch, nvidia, defaults]
    dependencies:
      - pytorch=2.0.1
      - mkl<2024.1
    ```

    ```yaml environment.yml
    channels: [pytorch, conda-forge]
    dependencies:
      - pytorch=2.0.1
      - pip:
          - mkl==2024.0
    ```

    ```yaml environment.yml
    channels: [pytorch, conda-forge]
    dependencies:
      - pytorch>=2.3
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.1
    ```

    ## Fix

    Add `mkl<2024.1`.
    """
    pytorch = next(iter(by_conda(manifest, "pytorch")), None)
    if pytorch is None or not _is_affected(manifest, pytorch):
        return
    pins = [line for line in asked(manifest, *_MKL) if line.constraint]
    if any(not line.of(_BAD) for line in pins) or _is_bounded(manifest):
        return
    certain = any(not line.of(_GOOD) and line.of(_BAD) for line in pins)
    certain = certain and all(matches("<2.4", version) for version in pytorch.of(torch_versions()))
    yield _problem(pytorch, pins[0] if pins else None, certain=certain)


def _is_affected(manifest: Manifest, pytorch: Asked) -> bool:
    """Whether it can only be an old release of the channel pytorch, with mkl, not on macOS."""
    allowed = pytorch.of(torch_versions())
    old = bool(allowed) and all(matches("<2.5", version) for version in allowed)
    if not old or "osx" in pytorch.condition or origin(manifest, pytorch) != "pytorch":
        return False
    platforms = [platform.text for platform in manifest.platforms]
    intel = not platforms or any(name in ("linux-64", "win-64") for name in platforms)
    return intel and not is_for_macos(manifest) and not _without_mkl(manifest)


def _without_mkl(manifest: Manifest) -> bool:
    blas = by_conda(manifest, "blas", "libblas", "libcblas", "liblapack")
    return bool(by_conda(manifest, "nomkl")) or any("openblas" in line.build for line in blas)


def _is_bounded(manifest: Manifest) -> bool:
    """Whether packages of defaults hold mkl down: their builds name the mkl of their day."""
    names = [channel.name for channel in manifest.channels] or ["defaults"]
    source = next((name for name in names if name == "conda-forge" or is_licensed(name)), "")
    helpers = by_conda(manifest, "mkl_fft", "mkl_random", "mkl-service", "mkl_fft-base")
    old = [line for line in by_conda(manifest, "numpy", "numpy-base") if line.constraint]
    numpy = any(contradicts(line.constraint, f">={_NUMPY_OF_THAT_DAY}") for line in old)
    pinned = any(line.build for line in helpers)
    return pinned or (source != "conda-forge" and bool(source) and numpy)


def _problem(pytorch: Asked, mkl: Asked | None, *, certain: bool) -> Problem:
    what = f"with `{mkl.text}`" if mkl else "and mkl is not bounded"
    message = f"`{pytorch.text}` fails on import with mkl 2024.1 or later, {what}"
    return Problem(
        "mkl",
        message,
        mkl.location if mkl else pytorch.location,
        "Write `mkl<2024.1`.",
        Severity.ERROR if certain else Severity.WARNING,
    )
