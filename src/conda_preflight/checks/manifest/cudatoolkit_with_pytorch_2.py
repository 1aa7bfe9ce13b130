"""manifest/cudatoolkit-with-pytorch-2."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.facts.cuda import LAST_WITH_CUDATOOLKIT, SWITCH
from conda_preflight.facts.frameworks import FUTURE, torch_versions
from conda_preflight.grammar.asked import Asked, by_conda, pairs
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.torch_origin import origin
from conda_preflight.report import Problem, Severity


@check("manifest/cudatoolkit-with-pytorch-2", Severity.ERROR)
def cudatoolkit_with_pytorch_2(manifest: Manifest) -> Iterator[Problem]:
    """The manifest asks for `cudatoolkit`, which no longer selects the build of this pytorch.

    Since 1.13 the builds of the channel pytorch follow `pytorch-cuda`. `cudatoolkit` beside
    them is installed and used by nobody: you get the CPU build, or one for another CUDA, and
    no message. On conda-forge `cudatoolkit` 11.x still selects builds up to 2.4.1; later ones
    need CUDA 12, so only the CPU build is left.

    An error where every release that the pin allows is that new, a warning where the newest
    one is.

    ## Fails

    ```yaml environment.yml
    channels: [pytorch, defaults]
    dependencies:
      - pytorch=2.0
      - cudatoolkit=11.8
    ```

    ```yaml environment.yml
    channels: [pytorch, defaults]
    dependencies:
      - pytorch
      - cudatoolkit=11.3
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch>=2.5
      - cudatoolkit=11.8
    ```

    ## Passes

    ```yaml environment.yml
    channels: [pytorch, defaults]
    dependencies:
      - pytorch=1.12.1
      - cudatoolkit=11.3
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.1
      - cudatoolkit=11.8
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=2.0
      - pytorch-cuda=11.8
      - cudatoolkit=11.8
    ```

    ## Fix

    Write `pytorch-cuda=11.8` in place of `cudatoolkit=11.8`, and add the channel nvidia.
    """
    if by_conda(manifest, "pytorch-cuda", "pytorch-gpu", "cpuonly", "pytorch-cpu"):
        return
    toolkits = by_conda(manifest, "cudatoolkit")
    for pytorch, toolkit in pairs(by_conda(manifest, "pytorch"), toolkits):
        if not pytorch.build:
            yield from _judge(manifest, pytorch, toolkit)
            return


def _judge(manifest: Manifest, pytorch: Asked, toolkit: Asked) -> Iterator[Problem]:
    place = origin(manifest, pytorch)
    bound = {"pytorch": f">={SWITCH}", "conda-forge": f">{LAST_WITH_CUDATOOLKIT}"}.get(place)
    allowed = pytorch.of(torch_versions())
    if not bound or not allowed:
        return
    new = [release for release in allowed if matches(bound, release)]
    if len(new) == len(allowed):
        yield _problem(pytorch, toolkit, place, Severity.ERROR)
    elif FUTURE in new:
        yield _problem(pytorch, toolkit, place, Severity.WARNING)


def _problem(pytorch: Asked, toolkit: Asked, place: str, severity: Severity) -> Problem:
    since = SWITCH if place == "pytorch" else "2.5"
    builds = f"builds of pytorch since {since} from the channel {place}"
    message = (
        f"`{toolkit.text}` does not select among {builds}; "
        f"`{pytorch.text}` becomes a CPU build or one for another CUDA"
    )
    if place == "pytorch":
        fix = "Write `pytorch-cuda=11.8` (or 12.1) in its place, with the channel `nvidia`."
    else:
        fix = "Write `cuda-version=12` and `pytorch-gpu` in its place."
    return Problem("cudatoolkit", message, toolkit.location, fix, severity)
