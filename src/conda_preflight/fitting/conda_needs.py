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
from conda_preflight.pattern import lazy_pattern

_RECIPES = "https://conda-forge.org/docs/user/tipsandtricks/"
_RUNTIMES = frozenset(
    (
        *("cuda-version", "cudatoolkit", "pytorch-cuda", "cuda-cudart", "cuda-runtime"),
        *("cuda-nvrtc", "cuda-nvcc", "cuda-toolkit", "cuda-libraries", "cudatoolkit-dev"),
    )
)
_FRAMEWORKS = frozenset(name for names in FAMILIES.values() for name in names)
_TORCH = frozenset(("pytorch", "libtorch", "pytorch-gpu"))
_BUILD = lazy_pattern(r"(?:^|_)cuda_?(?:(\d{1,2})\.(\d)(?!\d)|(1\d)(\d)(?!\d)|([89])(\d)(?!\d))")
_VERSION = lazy_pattern(r"(\d{1,3})\.(\d{1,3})")
_GLIBC = lazy_pattern(r"__glibc\s*>=\s*(\d{1,3}\.\d{1,3})")
_CUDA_VIRTUAL = lazy_pattern(r"__cuda(?:\s*>=\s*(\d{1,3}(?:\.\d{1,3})?))?(?![\w])")
_CUDA_VERSION = lazy_pattern(r"cuda-version\s*>=\s*(\d{1,3}(?:\.\d{1,3})?)")


def conda_need(package: Package, *, tegra: bool = False) -> Need | None:
    """What its name, version, build string and dependencies say; None where that is nothing.

    ``tegra`` says that the environment is one for Jetson.
    """
    if package.name in _RUNTIMES:
        return _runtime(package)
    needs = (*package.depends, *package.constrains)
    cuda, rule = _cuda(package, needs)
    flavour = _flavour(package, cuda, needs)
    glibc = _greatest(_GLIBC, needs)
    if not (cuda or flavour or glibc):
        return None
    is_torch = package.name in _TORCH and flavour == "cuda"
    return Need(
        package=package,
        rule=rule,
        source=_RECIPES,
        flavour=flavour,
        framework=package.name in _FRAMEWORKS,
        cuda=cuda,
        compiled=_code(package, cuda, tegra=tegra) if is_torch else None,
        glibc=glibc or (conda_glibc(cuda) if is_torch and cuda else ""),
    )


def _runtime(package: Package) -> Need | None:
    found = _VERSION.match(package.version)
    cuda = f"{found[1]}.{found[2]}" if found else ""
    return Need(package, "version of a CUDA package", _RECIPES, cuda=cuda) if cuda else None


def _cuda(package: Package, needs: Iterable[str]) -> tuple[str, str]:
    """The toolkit that it was built with, and what says so."""
    if found := _BUILD.search(package.build):
        major, minor = (part for part in found.groups() if part)
        return f"{major}.{minor}", "conda build string"
    bound = _greatest(_CUDA_VERSION, needs)
    if bound:
        return bound, "bound on cuda-version"
    bound = _greatest(_CUDA_VIRTUAL, needs)
    return bound, "bound on __cuda" if bound else "build string or bound on __glibc"


def _flavour(package: Package, cuda: str, needs: Iterable[str]) -> str:
    """What calls a GPU is "cuda": a build for it, or one that asks for a driver."""
    if _is_for_cpu(package):
        return "cpu"
    said = conda_flavour(package.name, package.build.lower())
    if said == "gpu" or any(_CUDA_VIRTUAL.match(need) for need in needs):
        return "" if "rocm" in package.build or "hip" in package.build else "cuda"
    if said == "cpu" and package.name in _FRAMEWORKS:
        return "cpu"
    return "cuda" if cuda and _BUILD.search(package.build) else ""


def _is_for_cpu(package: Package) -> bool:
    mutex = ("pytorch-mutex 1.0 cpu", "pytorch-mutex * cpu", "cpuonly")
    if package.name in ("cpuonly", "pytorch-mutex"):
        return False
    return package.name in _FRAMEWORKS and any(need.startswith(mutex) for need in package.depends)


def _code(package: Package, cuda: str, *, tegra: bool) -> Compiled | None:
    channel = package.channel.rstrip("/").rpartition("/")[2]
    kind = "tegra" if tegra or "tegra" in package.build else "aarch64"
    arch = kind if package.subdir == "linux-aarch64" else ""
    known = channel if channel in ("pytorch", "main") else "conda-forge"
    return code_of(package.version, cuda, known, arch)


def _greatest(pattern: re.Pattern[str], texts: Iterable[str]) -> str:
    """The highest version that a pattern finds, empty where there is none."""
    found = [hit[1] for text in texts if (hit := pattern.search(text)) and hit[1]]
    return max(found, key=lambda text: tuple(map(int, text.split("."))), default="")
