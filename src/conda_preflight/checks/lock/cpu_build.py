"""lock/cpu-build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Package, Project
from conda_preflight.facts.framework_builds import GPU_PLATFORMS
from conda_preflight.grammar.framework_flavour import cpu_builds
from conda_preflight.grammar.gpu_wish import gpu_wish
from conda_preflight.grammar.lock_file import owners, some, subdir
from conda_preflight.report import Problem, Severity


@check("lock/cpu-build", Severity.ERROR)
def cpu_build(lock: Lock, project: Project) -> Iterator[Problem]:
    """A framework is locked as a CPU build where a GPU is asked for.

    A solver that sees no GPU, on a laptop or in continuous integration, takes the CPU build
    and says nothing. The environment then works, and `torch.cuda.is_available()` is False.
    What asks for a GPU is a CUDA package, a build, a wheel's index or a name in the manifest.
    A manifest that asks for a CPU build gets one. Platforms that have no CUDA are left out, and
    those of targets whose GPUs are known: `target/cpu-build` tells of them.

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
    manifests = owners(lock, project)
    if not manifests:
        raise Skip("no manifest of this lock is audited with it")
    told = {host.subdir for host in project.of(Host) if host.gpus is not None}
    found: dict[str, list[tuple[Package, str, bool]]] = {}
    for platform in lock.platforms:
        if subdir(lock, platform) in GPU_PLATFORMS and subdir(lock, platform) not in told:
            wish = gpu_wish(manifests, (), platform, subdir(lock, platform))
            here = [p for p in lock.packages if p.platform == platform] if wish else []
            for family, package, sure in cpu_builds(here, subdir(lock, platform), manifests):
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
