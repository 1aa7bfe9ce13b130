"""solve/cpu-build-for-gpu-target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import GPU, Host, Manifest, Package, Project
from conda_preflight.facts.framework_builds import GPU_PLATFORMS
from conda_preflight.grammar.framework_flavour import cpu_builds
from conda_preflight.grammar.gpu_wish import gpu_wish
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.solves import Solves


@check("solve/cpu-build-for-gpu-target", Severity.ERROR)
def cpu_build_for_gpu_target(
    manifest: Manifest, solves: Solves, project: Project
) -> Iterator[Problem]:
    """A framework resolves to a CPU build, though the target has a GPU.

    The environment works, and `torch.cuda.is_available()` is False. A solver takes the CPU build
    where no CUDA build fits the rest, the driver is too old for those that the channel has, or a
    channel that has CPU builds alone comes first. A manifest that asks for a CPU build gets one.

    It is judged where a target with a GPU is described, or `__cuda` is among the virtual packages.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch=2.4
      - numpy=2.0
    ```

    ```text main/linux-64.packages
    pytorch 2.4.1 cuda124_py311_0: __cuda >=12.4, numpy <2
    pytorch 2.4.1 cpu_py311_0: numpy
    numpy 2.0.1
    numpy 1.26.4
    ```

    ```toml preflight.toml
    targets = ["a100.json"]
    ```

    ```json a100.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "cuda": "12.6",
     "gpus": [{"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}]}
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch=2.4
      - numpy
    ```

    ```text main/linux-64.packages
    pytorch 2.4.1 cuda124_py311_1: __cuda >=12.4, numpy <2
    pytorch 2.4.1 cpu_py311_0: numpy
    numpy 2.0.1
    numpy 1.26.4
    ```

    ```toml preflight.toml
    virtual-packages = ["__cuda=12.6"]
    ```

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch=2.4.*=cpu*
    ```

    ```text main/linux-64.packages
    pytorch 2.4.1 cuda124_py311_1: __cuda >=12.4
    pytorch 2.4.1 cpu_py311_0
    ```

    ```toml preflight.toml
    virtual-packages = ["__cuda=12.6"]
    ```

    ## Fix

    Ask for the CUDA build by name, `pytorch=2.4.*=*cuda*` or `pytorch-gpu`: then the solver tells
    what stands against it.
    """
    solutions = {p: s for p, s in solves.solved(manifest).items() if p in GPU_PLATFORMS}
    hosts = [host for host in project.of(Host) if host.gpus]
    known = {p: solves.cuda(manifest, p) for p in solutions}
    if not any(known.values()):
        raise Skip(
            "the target does not say which CUDA its driver runs"
            if hosts
            else "no target with a GPU is known"
        )
    told: dict[str, tuple[Package, list[str], bool]] = {}
    for platform, packages in solutions.items():
        target = hosts or [Host("", manifest.location, "of the settings", gpus=(GPU("any"),))]
        if known[platform] and gpu_wish((manifest,), target, platform, platform):
            for family, package, sure in cpu_builds(packages, platform, (manifest,)):
                told.setdefault(family, (package, [], sure))[1].append(platform)
    for family, (package, platforms, sure) in told.items():
        yield _problem(manifest, solves, family, package, platforms, sure=sure)


def _problem(
    manifest: Manifest,
    solves: Solves,
    family: str,
    package: Package,
    platforms: list[str],
    *,
    sure: bool,
) -> Problem:
    platform = platforms[0]
    line = next(iter(manifest.named(package.name)), None)
    why = solves.against(manifest, platform, f"{package.name} * *cuda*")
    return Problem(
        family,
        f"`{package.name}` resolves to the CPU build {package.version} ({package.build}) on "
        f"{', '.join(platforms)}, and the target has a GPU with CUDA "
        f"{solves.cuda(manifest, platform)}",
        line.location if line else manifest.location,
        f"No CUDA build fits: {why}"
        if why
        else f"Ask for the CUDA build, `{package.name}=*=*cuda*`: it has a solution.",
        None if sure else Severity.WARNING,
    )
