"""target/unmatched-torch-family."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.facts.frameworks import OPEN_ENDED, Torch, torch_releases
from conda_preflight.facts.torch_family import fits_series, partners
from conda_preflight.fitting.side_by_side import Together, judged, local, release
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_FAMILY = ("torchvision", "torchaudio")
_TORCH = ("pytorch", "libtorch")
_LATER = "999"


@check("target/unmatched-torch-family", Severity.ERROR)
def unmatched_torch_family(lock: Lock | Prefix) -> Iterator[Problem]:
    """Torchvision or torchaudio was made for another torch than the one beside it.

    Each is compiled against one torch: 0.15.2 and 2.0.2 against 2.0.1. With another,
    `import torchvision` ends with an undefined symbol or "operator torchvision::nms does not
    exist". So it is where one is a build for the CPU or another CUDA: `+cpu` beside `+cu121`.

    conda-forge builds for a whole series of pytorch, so patch numbers do not count there, and
    builds some releases again for a later series: what such a build asks for decides. A list of
    URLs does not tell that, so it is a warning there.
    torchaudio 2.11 and torchvision since 0.29.1 work with every later torch.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.0.1
    # pip torchvision==0.16.0
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.1.2+cu121
    # pip torchvision==0.16.2+cpu
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.1.0-py3.10_cuda11.8_cudnn8.7.0_0.tar.bz2
    https://conda.anaconda.org/pytorch/linux-64/torchvision-0.15.2-py310_cu118.tar.bz2
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.0.1+cu118
    # pip torchvision==0.15.2+cu118
    # pip torchaudio==2.0.2+cu118
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda120_py311h1_301.conda
    https://conda.anaconda.org/conda-forge/linux-64/torchvision-0.19.0-cuda120py311h1_1.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.13.0
    # pip torchaudio==2.11.0
    ```

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: pytorch
        version: 2.10.0
        manager: conda
        platform: linux-64
        url: https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.10.0-cpu_mkl_py311_h1_105.conda
        hash: {sha256: 0c1f}
      - name: torchaudio
        version: 2.9.1
        manager: conda
        platform: linux-64
        dependencies: {pytorch: ">=2.10.0,<2.11.0a0"}
        url: https://conda.anaconda.org/conda-forge/linux-64/torchaudio-2.9.1-cpu_py311h1_1.conda
        hash: {sha256: 0c1f}
    ```

    ## Fix

    Take the releases that were made together, from one index; the message names them.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    torch = env.torch
    version = release(torch.version) if torch else ""
    row = next((row for row in torch_releases() if row.version == version), None)
    for other in filter(None, (env.any(name) for name in _FAMILY)):
        if torch and _is_built_for(torch, other):
            continue
        if torch and row and not _fits(row, torch, other):
            yield _of_another(row, torch, other)
        elif torch and not _same_build(torch, other):
            yield _other_build(torch, other)


def _is_built_for(torch: Package, other: Package) -> bool:
    """Whether what a package of conda asks for ends both ways around conda's torch."""
    if not torch.manager == other.manager == "conda":
        return False
    asked = [text.split() for text in other.depends]
    bounds = [words[1] for words in asked if len(words) > 1 and words[0] in _TORCH]
    tight = [bound for bound in bounds if matches(bound, _LATER) is False]
    return bool(tight) and all(matches(bound, release(torch.version)) for bound in tight)


def _fits(row: Torch, torch: Package, other: Package) -> bool:
    """Whether they were made together, or the other is not in the table."""
    version = release(other.version)
    rows = torch_releases()
    made_for = next((each for each in rows if version in partners(each, other.name)), None)
    if made_for is None or version in partners(row, other.name):
        return True
    if version in OPEN_ENDED and rows.index(row) >= rows.index(made_for):
        return True
    return _is_by_series(torch, other) and fits_series([row], [version], other.name)


def _is_by_series(torch: Package, other: Package) -> bool:
    official = channel_name(torch.channel) == channel_name(other.channel) == "pytorch"
    return torch.manager == other.manager == "conda" and not official


def _same_build(torch: Package, other: Package) -> bool:
    """Whether the local versions agree, where both say one."""
    mine, its = local(torch.version), local(other.version)
    known = all(word == "cpu" or word.startswith(("cu", "rocm")) for word in (mine, its))
    return mine == its or not (mine and its and known)


def _of_another(row: Torch, torch: Package, other: Package) -> Problem:
    version = release(other.version)
    rows = torch_releases()
    belongs = next(each.version for each in rows if version in partners(each, other.name))
    return Problem(
        other.name,
        f"`{other.name}` {other.version} is made for torch {belongs}, and `{torch.name}` "
        f"{torch.version} is there",
        other.location,
        f"Take {other.name} {partners(row, other.name)[-1]} beside torch {row.version}.",
        Severity.WARNING if _is_by_series(torch, other) and not other.depends else None,
    )


def _other_build(torch: Package, other: Package) -> Problem:
    return Problem(
        other.name,
        f"`{other.name}` {other.version} and `{torch.name}` {torch.version} are builds for "
        "different devices",
        other.location,
        f"Take {other.name} {release(other.version)}+{local(torch.version)}, from the same index.",
    )
