"""The stack of one place: what each of its packages needs of a machine."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.beside import with_runtime
from conda_preflight.fitting.bitsandbytes import completed
from conda_preflight.fitting.conda_needs import conda_need
from conda_preflight.fitting.pip_needs import pip_need
from conda_preflight.fitting.wheel_tag import tag_platform
from conda_preflight.installation import Installation


def stack(installation: Installation) -> Stack:
    """What the packages of one place need of a machine."""
    packages = installation.packages
    subdir = installation.subdir or installation.place.platform or _platform(packages)
    tegra = any(p.name == "arm-variant" and "tegra" in p.build for p in packages)
    needs = {p: need for p in packages if (need := _need(p, subdir, tegra=tegra))}
    return Stack(subdir, packages, tuple(completed(with_runtime(needs)).values()))


def _platform(packages: Sequence[Package]) -> str:
    """What the packages of a list without a platform are made for, empty where none says it."""
    named = (p.subdir or tag_platform(p.url) for p in packages)
    return next((subdir for subdir in named if subdir not in ("", "noarch")), "")


def _need(package: Package, subdir: str, *, tegra: bool) -> Need | None:
    if package.manager == "conda":
        return conda_need(package, tegra=tegra)
    return pip_need(package, subdir)
