"""What a wheel of PyTorch needs of a machine: of the public index, or of PyTorch's own."""

from __future__ import annotations

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need
from conda_preflight.facts.torch_builds import code_of, default_wheel, release
from conda_preflight.fitting.wheel_tag import file_name

_PYTORCH = "https://github.com/pytorch/pytorch/blob/main/RELEASE.md"


def labelled(package: Package, rule: str, subdir: str, *, flavour: str, cuda: str = "") -> Need:
    """A build whose version or index says its kind."""
    row = release(package.version)
    is_arm = subdir == "linux-aarch64"
    arch = "aarch64" if is_arm else "x86_64"
    version = package.version.partition("+")[0]
    return Need(
        package=package,
        rule=rule,
        source=_PYTORCH,
        flavour=flavour,
        framework=True,
        cuda=cuda,
        compiled=code_of(version, cuda, "wheel", arch) if cuda else None,
        glibc=row["glibc_aarch64" if is_arm else "glibc"] if row and _is_linux(subdir) else "",
    )


def plain(package: Package, subdir: str) -> Need | None:
    """A wheel of the public index by its release; on Windows it is a CPU build.

    Of one that somebody else has built nothing is known; None where no table has the release.
    """
    if not _is_public(package):
        return Need(package, "wheel of another maker", _PYTORCH, framework=True)
    if not _is_linux(subdir):
        flavour = "cpu" if subdir.startswith("win-") else ""
        return Need(package, "platform of torch", _PYTORCH, flavour=flavour, framework=True)
    build = default_wheel(package.version, subdir)
    if build is None:
        return None
    return Need(
        package=package,
        rule="release of torch",
        source=_PYTORCH,
        flavour="cuda" if build.cuda else "cpu",
        framework=True,
        cuda=build.cuda,
        compiled=build.compiled,
        glibc=build.glibc,
        cudnn=build.cudnn if build.cuda else "",
        nccl=build.nccl if build.cuda else "",
    )


def _is_public(package: Package) -> bool:
    """Whether it can be of the public index, which takes neither local versions nor plain tags."""
    name = file_name(package.url)
    is_tagged = not name.endswith(".whl") or "-linux_" not in name
    return "+" not in package.version and is_tagged


def _is_linux(subdir: str) -> bool:
    return subdir.startswith("linux-")
