"""manifest/pip-only-package-in-conda."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Spec
from conda_preflight.facts.names import PIP_ONLY, PUBLIC_CHANNELS
from conda_preflight.report import Problem, Severity


@check("manifest/pip-only-package-in-conda", Severity.ERROR)
def pip_only_package_in_conda(manifest: Manifest) -> Iterator[Problem]:
    """A conda dependency has the name that the project has at pip, which no channel knows.

    conda finds no such package and makes no environment at all. Most of these names have
    another one in conda: `torch` is `pytorch` there, `opencv-python` is `opencv`, and `-`
    and `_` are not the same. With a channel that is not one of the large public ones, which
    may have it, this is a warning.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - python=3.11
      - torch=2.4.1
    ```

    ```yaml environment.yml
    channels:
      - defaults
    dependencies:
      - sklearn
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - python=3.11
      - pytorch=2.4.1
      - ours::torch
      - pip
      - pip:
          - opencv-python==4.10.0.84
    ```

    ## Fix

    Write conda's name, `pytorch`, or move the line under `pip:`.
    """
    public = all(_is_public(channel.name) for channel in manifest.channels)
    sure = public and bool(manifest.channels)
    for spec in manifest.specs:
        if spec.name in PIP_ONLY and not spec.url and not _is_elsewhere(spec):
            meant = PIP_ONLY[spec.name]
            yield Problem(
                spec.name,
                f"The public channels have no `{spec.name}`; conda calls it `{meant}`",
                spec.location,
                f"Write `{meant}`, or move the line under `pip:`.",
                Severity.ERROR if sure else Severity.WARNING,
            )


def _is_elsewhere(spec: Spec) -> bool:
    return spec.channel is not None and not _is_public(spec.channel)


def _is_public(channel: str) -> bool:
    return channel.partition("/label/")[0] in PUBLIC_CHANNELS
