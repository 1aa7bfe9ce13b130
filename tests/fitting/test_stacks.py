"""The stack that a target meets: of its platform, with what stands beside a lock."""

from __future__ import annotations

import pytest

from conda_preflight.documents import (
    Host,
    Location,
    Lock,
    Package,
    Prefix,
    Requirement,
    Requirements,
)
from conda_preflight.errors import Skip
from conda_preflight.fitting.stack_cuda import stack_cuda
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.wheel_tag import tag_platform
from conda_preflight.testing import project_of

HERE = Location("conda.lock", 1)
DIGEST = "sha256:" + "0" * 64
TORCH = Package("pypi", "torch", "2.10.0", HERE)
X86 = Host("x86", HERE, os="linux", arch="x86_64")
ARM = Host("arm", HERE, os="linux", arch="aarch64")
UNSAID = Host("unsaid", HERE)


def conda(name: str, platform: str) -> Package:
    return Package("conda", name, "1.0", HERE, platform=platform, subdir=platform)


def locked(*packages: Package) -> Lock:
    platforms = tuple(dict.fromkeys(package.platform for package in packages))
    return Lock("conda.lock", "explicit", "", HERE, platforms=platforms, packages=packages)


def test_a_target_gets_the_packages_of_its_platform():
    lock = locked(conda("zlib", "linux-64"), conda("zlib", "linux-aarch64"))
    stacks = Stacks(project_of(lock))
    assert stacks.of(lock, ARM).subdir == "linux-aarch64"
    assert stacks.of(lock, ARM) is stacks.of(lock, ARM)
    assert [stack.subdir for stack in stacks.each(lock)] == ["linux-64", "linux-aarch64"]
    with pytest.raises(Skip, match="the target does not say its platform"):
        stacks.of(lock, UNSAID)
    with pytest.raises(Skip, match="there are no packages for win-64"):
        stacks.of(lock, Host("w", HERE, os="windows", arch="x86_64"))


def test_the_only_platform_is_taken_where_the_target_does_not_say_its_own():
    lock = locked(conda("zlib", "linux-64"))
    assert Stacks(project_of(lock)).of(lock, UNSAID).subdir == "linux-64"


def test_packages_without_a_platform_are_on_that_of_the_target():
    lock = locked(TORCH)
    stacks = Stacks(project_of(lock))
    assert stack_cuda(stacks.of(lock, X86)) == "12.8"
    assert stacks.of(lock, ARM).needs[0].flavour == "cpu"
    assert stacks.of(lock, ARM) is stacks.of(lock, ARM)
    prefix = Prefix("env", HERE, packages=(TORCH,))
    assert stack_cuda(Stacks(project_of(prefix)).of(prefix, X86)) == "12.8"


def test_wheels_say_a_platform_where_the_list_does_not():
    url = "https://files.example.org/torch-2.10.0-cp312-cp312-manylinux_2_28_x86_64.whl"
    lock = locked(Package("pypi", "torch", "2.10.0", HERE, url=url))
    stacks = Stacks(project_of(lock))
    assert stacks.of(lock, X86).subdir == "linux-64"
    with pytest.raises(Skip, match="there are no packages for linux-aarch64"):
        stacks.of(lock, ARM)


def test_the_pip_half_beside_a_list_belongs_to_it():
    lock = locked(conda("cuda-version", "linux-64"))
    at = Location("requirements.txt", 1)
    line = Requirement(
        "torch==2.10.0", at, "name", name="torch", specifier="==2.10.0", hashes=(DIGEST,)
    )
    half = Requirements("requirements.txt", pip=(line,), location=at)
    stack = Stacks(project_of(lock, half)).of(lock, X86)
    assert [need.package.name for need in stack.needs][-1] == "torch"


@pytest.mark.parametrize(
    ("file", "platform"),
    [
        ("x-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "linux-64"),
        ("x-1-cp312-cp312-manylinux2014_aarch64.whl", "linux-aarch64"),
        ("x-1-cp312-cp312-manylinux1_x86_64.whl", "linux-64"),
        ("x-1-cp312-cp312-linux_x86_64.whl", "linux-64"),
        ("x-1-cp312-cp312-macosx_11_0_arm64.whl", "osx-arm64"),
        ("x-1-cp312-cp312-win_amd64.whl", "win-64"),
        ("x-1-py3-none-any.whl", ""),
        ("x-1-cp312-cp312-macosx_10_9_universal2.whl", ""),
        ("x-1_linux_x86_64.tar.gz", ""),
    ],
)
def test_platforms_of_wheels(file, platform):
    assert tag_platform(f"https://files.example.org/{file}#sha256=1") == platform
