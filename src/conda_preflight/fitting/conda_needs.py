"""What a conda package needs of a machine, by its record.

Sources: the recipes of conda-forge (cuda-version, cuda-cudart, pytorch-cpu, jaxlib), of the
channel pytorch (pytorch-cuda, pytorch-mutex), and https://conda-forge.org/docs/user/tipsandtricks/
on virtual packages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Compiled, Need
from conda_preflight.facts.framework_builds import FAMILIES, conda_flavour
from conda_preflight.facts.torch_builds import code_of, conda_glibc
from conda_preflight.fitting.cuda_text import cuda_of_build, cuda_of_name
from conda_preflight.fitting.numbers import numbers
from conda_preflight.pattern import lazy_pattern

_RECIPES = "https://conda-forge.org/docs/user/tipsandtricks/"
_RUNTIMES = frozenset(
    (
        *("cuda", "cuda-version", "cudatoolkit", "pytorch-cuda", "cuda-cudart", "cuda-runtime"),
        *("cuda-nvrtc", "cuda-nvcc", "cuda-toolkit", "cuda-libraries", "cudatoolkit-dev"),
        *("cuda-cupti", "cuda-nvtx"),
    )
)
_FRAMEWORKS = frozenset(name for names in FAMILIES.values() for name in names)
_TORCH = frozenset(("pytorch", "libtorch", "pytorch-gpu"))
_ONLY_CUDA = frozenset(("cupy", "cupy-core"))
"""Packages that have no builds for the CPU; source: their recipes in conda-forge."""
_SELECTORS = ("-mutex", "_select")
_VERSION = lazy_pattern(r"(\d{1,3})\.(\d{1,3})")
_GLIBC = lazy_pattern(r"__glibc\s*>=\s*(\d{1,3}\.\d{1,3})")
_CUDA_VIRTUAL = lazy_pattern(r"__cuda(?:\s*>=\s*(\d{1,3}(?:\.\d{1,3})?))?(?![\w])")
_TOOLKIT = lazy_pattern(
    r"(?:cuda-version|cudatoolkit|pytorch-cuda|cuda-cudart)\s*(?:>=|==?|~=)?\s*"
    r"(\d{1,3}(?:\.\d{1,3})?)"
)
_CUDNN = lazy_pattern(r"_cudnn(\d{1,3}(?:\.\d{1,4}){0,3})_")
_ROCM = lazy_pattern(r"(?:^|[_.])(?:rocm|hip)")
_CPU = lazy_pattern(r"(?:^|[_.])cpu(?:_|py|$)")


def conda_need(package: Package, *, tegra: bool = False) -> Need | None:
    """What its name, version, build string and dependencies say; None where that is nothing.

    ``tegra`` says that the environment is one for Jetson.
    """
    if package.name.partition("_")[0] in _RUNTIMES:
        return _runtime(package)
    if package.name == "cpuonly" or package.name.endswith(_SELECTORS):
        return _selector(package)
    needs = (*package.depends, *package.constrains)
    cuda, rule = _cuda(package, needs)
    flavour = _flavour(package, needs)
    glibc = _greatest(_GLIBC, needs)
    if not (cuda or flavour or glibc):
        return None
    is_torch = package.name in _TORCH and flavour == "cuda"
    is_known = is_torch and cuda and not package.subdir.startswith("win-")
    cudnn = _CUDNN.search(package.build)
    return Need(
        package=package,
        rule=rule or ("conda build string" if flavour else "bound on __glibc"),
        source=_RECIPES,
        flavour=flavour,
        framework=package.name in _FRAMEWORKS,
        cuda=cuda,
        compiled=_code(package, cuda, tegra=tegra) if is_torch else None,
        glibc=glibc or (conda_glibc(cuda) if is_known else ""),
        cudnn=cudnn[1] if cudnn else "",
    )


def _runtime(package: Package) -> Need | None:
    found = _VERSION.match(package.version)
    if found is None:
        return None
    glibc = _greatest(_GLIBC, package.depends)
    cuda = f"{found[1]}.{found[2]}"
    return Need(package, "version of a CUDA package", _RECIPES, cuda=cuda, glibc=glibc)


def _selector(package: Package) -> Need | None:
    """What keeps builds of one kind out; it has no code itself."""
    is_for_cpu = "cpu" in (package.build, package.name[:3])
    return Need(package, "package for the CPU", _RECIPES, flavour="cpu") if is_for_cpu else None


def _cuda(package: Package, needs: Iterable[str]) -> tuple[str, str]:
    """The toolkit that it was built with, and what says so."""
    if found := cuda_of_build(package.build):
        return found, "conda build string"
    if found := cuda_of_build(package.version) or cuda_of_name(package.name):
        return found, "name of a conda package"
    if bound := _greatest(_TOOLKIT, needs):
        return bound, "bound on cuda-version"
    if bound := _greatest(_CUDA_VIRTUAL, needs):
        return bound, "bound on __cuda"
    return "", ""


def _flavour(package: Package, needs: Iterable[str]) -> str:
    """What calls a GPU is "cuda": a build for it, or one that asks for a driver."""
    build = package.build.lower()
    if _ROCM.search(build):
        return "rocm"
    if _CPU.search(build) or _is_for_cpu(package):
        return "cpu"
    said = conda_flavour(package.name, build)
    if said == "gpu" or any(_CUDA_VIRTUAL.match(need) for need in needs):
        return "cuda"
    if said == "cpu" and package.name in _FRAMEWORKS:
        return "cpu"
    return "cuda" if cuda_of_build(build) or package.name in _ONLY_CUDA else ""


def _is_for_cpu(package: Package) -> bool:
    mutex = ("pytorch-mutex 1.0 cpu", "pytorch-mutex * cpu", "cpuonly")
    return package.name in _FRAMEWORKS and any(need.startswith(mutex) for need in package.depends)


def _code(package: Package, cuda: str, *, tegra: bool) -> Compiled | None:
    kind = "tegra" if tegra or "tegra" in package.build else "aarch64"
    arch = kind if package.subdir == "linux-aarch64" else ""
    return code_of(package.version, cuda, _channel(package), arch)


def _channel(package: Package) -> str:
    """Who built a PyTorch: a mirror has another address, and the same build strings."""
    if "_cudnn" in package.build or package.channel.rstrip("/").endswith("/pytorch"):
        return "pytorch"
    is_main = package.build.startswith("gpu_") or package.channel.rstrip("/").endswith("/main")
    return "main" if is_main else "conda-forge"


def _greatest(pattern: re.Pattern[str], texts: Iterable[str]) -> str:
    """The highest version that a pattern finds at the beginning of a text, or empty."""
    found = [hit[1] for text in texts if (hit := pattern.match(text)) and hit[1]]
    return max(found, key=numbers, default="")
