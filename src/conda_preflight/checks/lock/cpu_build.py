"""lock/cpu-build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Manifest, Package, Project
from conda_preflight.facts.framework_builds import (
    FAMILIES,
    GPU_PLATFORMS,
    conda_flavour,
    wheel_flavour,
)
from conda_preflight.grammar.gpu_wish import gpu_wish
from conda_preflight.grammar.lock_file import owners, some, subdir
from conda_preflight.report import Problem, Severity


@check("lock/cpu-build", Severity.ERROR)
def cpu_build(lock: Lock, project: Project) -> Iterator[Problem]:
    """A framework is locked as a CPU build where a GPU is asked for.

    A solver that sees no GPU, on a laptop or in continuous integration, takes the CPU build
    and says nothing. The environment then works, and `torch.cuda.is_available()` is False.
    What asks for a GPU is a CUDA package, a build, a wheel's index or a name in the manifest,
    or a target that has GPUs. A manifest that asks for a CPU build gets one. Platforms that
    have no CUDA are left out.

    ## Fails

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=2.4.1
      - pytorch-cuda=12.4
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.4.1-py3.11_cpu_0.tar.bz2
    https://conda.anaconda.org/pytorch/linux-64/pytorch-mutex-1.0-cpu.tar.bz2
    ```

    ```yaml environment.yml
    name: finetune_gpu
    channels: [conda-forge]
    dependencies:
      - tensorflow
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/tensorflow-2.17.0-cpu_py312h69ecde4_3.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cpu_generic_py311h1_0.conda
    ```

    ```json target-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}]}
    ```

    ## Passes

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch-gpu=2.4.1
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-gpu-2.4.1-cuda120py311h1_301.conda
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda120_py311h1_301.conda
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=2.4.1
      - pytorch-cuda=12.4  # [linux]
    ```

    ```text conda-osx-arm64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/osx-arm64/pytorch-2.4.1-py3.11_0.tar.bz2
    ```

    ```text conda-win-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/win-64/pytorch-2.4.1-py3.11_cpu_0.tar.bz2
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=2.4.1
      - cpuonly
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/pytorch/linux-64/pytorch-2.4.1-py3.11_cpu_0.tar.bz2
    ```

    ## Fix

    Lock with the virtual package of the target, `--virtual-package __cuda=12.8`, and ask for
    the CUDA build by name: `pytorch-gpu` or `pytorch=*=cuda*`.
    """
    manifests, hosts = owners(lock, project), project.of(Host)
    if not (manifests or hosts):
        raise Skip("neither a manifest of this lock nor a target is audited with it")
    found: dict[str, list[tuple[Package, str, bool]]] = {}
    for platform in lock.platforms:
        if subdir(lock, platform) in GPU_PLATFORMS:
            wish = gpu_wish(manifests, hosts, platform, subdir(lock, platform))
            for family, package, sure in _cpu_builds(lock, platform, manifests) if wish else ():
                found.setdefault(family, []).append((package, wish, sure))
    for family, rows in found.items():
        yield _problem(family, rows)


def _problem(family: str, rows: Sequence[tuple[Package, str, bool]]) -> Problem:
    package, wish, sure = rows[0]
    build = f" ({package.build})" if package.build else ""
    platforms = some((one.platform for one, *_ in rows), 6)
    return Problem(
        family,
        f"`{package.name}` {package.version}{build} is a CPU build on {platforms}, and {wish}",
        package.location,
        "Lock with `--virtual-package __cuda=12.8` or what the target has, and ask for the CUDA "
        "build by name.",
        None if sure else Severity.WARNING,
    )


def _cpu_builds(
    lock: Lock, platform: str, manifests: Sequence[Manifest]
) -> Iterator[tuple[str, Package, bool]]:
    """Frameworks that are asked for and have a CPU build only; unsure beside one with a GPU's."""
    held = {family: _held(lock, platform, names) for family, names in FAMILIES.items()}
    has_gpu = any(flavour == "gpu" for rows in held.values() for flavour, _ in rows)
    for family, rows in held.items():
        flavours = {flavour for flavour, _ in rows}
        if "cpu" in flavours and "gpu" not in flavours and _is_asked(family, manifests):
            yield family, next(p for flavour, p in rows if flavour == "cpu"), not has_gpu


def _held(lock: Lock, platform: str, names: frozenset[str]) -> list[tuple[str, Package]]:
    here = [p for p in lock.packages if p.platform == platform and p.name in names]
    return [(_flavour(p, subdir(lock, platform)), p) for p in here]


def _flavour(package: Package, platform: str) -> str:
    if package.manager == "conda":
        return conda_flavour(package.name, package.build.lower())
    return wheel_flavour(package.name, package.version, package.url, platform)


def _is_asked(family: str, manifests: Sequence[Manifest]) -> bool:
    names = FAMILIES[family]
    asked = [m.named(*names) or m.pip_named(*names) for m in manifests]
    return not manifests or any(asked)
