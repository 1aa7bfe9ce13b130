"""manifest/mixed-cuda-channels."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Channel, Manifest, Spec
from conda_preflight.facts.channels import CUDA_PARTS, MIXED_CUDA
from conda_preflight.grammar.conda_version import contradicts
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_LABEL = lazy_pattern(r"nvidia/label/cuda-(\d{1,3}\.\d{1,3})(?:\.\d{1,3})?")


@check("manifest/mixed-cuda-channels", Severity.WARNING)
def mixed_cuda_channels(manifest: Manifest) -> Iterator[Problem]:
    """CUDA 11 or 12.0 to 12.4 is asked for, and may come half from nvidia, half from conda-forge.

    Both channels have packages of the same names, which were split up differently until CUDA
    12.4. A mixture solves and then misses headers, links or libraries. From 12.5 on they are
    the same. Source: the guide of conda-forge's CUDA packages.

    `cudatoolkit` is one package and cannot be mixed. Nothing is told where each CUDA package
    says its channel.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
      - nvidia
    dependencies:
      - cuda-nvcc=12.1
      - cuda-version=12.1
    ```

    ```yaml environment.yml
    channels:
      - pytorch
      - nvidia/label/cuda-11.8.0
      - conda-forge
    dependencies:
      - pytorch=2.1
      - pytorch-cuda=11.8
      - cuda-toolkit
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - conda-forge
      - nvidia
    dependencies:
      - cuda-nvcc=12.8
      - cuda-version=12.8
    ```

    ```yaml environment.yml
    channels:
      - nvidia
      - conda-forge
    dependencies:
      - nvidia::cuda-nvcc=12.1
    ```

    ```yaml environment.yml
    channels:
      - nvidia
      - conda-forge
    dependencies:
      - cudatoolkit=11.3
    ```

    ## Fix

    Keep one of the two channels, or write `nvidia::` before each CUDA package.
    """
    nvidia = next((c for c in manifest.channels if _root(c) == "nvidia"), None)
    forge = next((c for c in manifest.channels if _root(c) == "conda-forge"), None)
    if not (nvidia and forge):
        return
    labels = [found[1] for c in manifest.channels if (found := _LABEL.fullmatch(c.name))]
    loose = [spec for spec in manifest.specs if _is_cuda(spec) and not spec.channel]
    old = next((spec for spec in loose if _is_old(spec, labels)), None)
    if old:
        yield Problem(
            "cuda",
            f"`{old.text}` and what it brings may come half from `{nvidia.name}` and half from "
            "`conda-forge`, which do not fit together before CUDA 12.5",
            old.location,
            "Leave out one of the two channels, or write `nvidia::` before each CUDA package.",
        )


def _is_cuda(spec: Spec) -> bool:
    return spec.name in CUDA_PARTS or spec.name.startswith("cuda-")


def _is_old(spec: Spec, labels: list[str]) -> bool:
    """Whether the CUDA that is asked for, by version or by label, can only be an old one."""
    wanted = spec.version or (f"={labels[0]}" if labels else "")
    if not wanted or spec.error or spec.name == "cuda-python":
        return False
    return not contradicts([wanted, MIXED_CUDA]) and contradicts([wanted, ">=12.5"])


def _root(channel: Channel) -> str:
    return channel.name.partition("/label/")[0]
