"""What is written is read by rattler, with the same digests, URLs and sizes.

It runs in a process of its own, which leaves without the exit handlers of the interpreter:
the threads of the library may crash them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lock_values import FILES, HOST, NOWHERE

from conda_preflight.documents import Channel, Lock, Name, Package, VirtualPackage
from conda_preflight.lockfiles import write

pytest.importorskip("rattler")
PROGRAM = """\
import json, os, sys
from rattler import LockFile
from rattler.explicit_environment import ExplicitEnvironmentSpec

found = []
if sys.argv[1].endswith((".yml", "pixi.lock")):
    for _, environment in LockFile.from_path(sys.argv[1]).environments():
        for platform, packages in environment.packages_by_platform().items():
            for package in packages:
                hashes = package.hashes
                digest = hashes.sha256.hex() if hashes and hashes.sha256 else ""
                said = (platform, package.name, package.version, package.location, digest)
                found.append([str(one) for one in said])
else:
    found = [package.url for package in ExplicitEnvironmentSpec.from_path(sys.argv[1]).packages]
print(json.dumps(sorted(found)), flush=True)
os._exit(0)
"""


def conda(name, version, platform, build, **more):
    subdir = more.pop("subdir", platform)
    url = f"{HOST}/{subdir}/{name}-{version}-{build}.conda"
    made = Package("conda", name, version, NOWHERE, build, 3, platform, subdir, "conda-forge", url)
    return replace(made, **({"sha256": "0123456789" * 6 + "01e5", "md5": "1" * 30 + "e1"} | more))


LOCK = Lock(
    path="a",
    kind="conda-lock",
    version="1",
    location=NOWHERE,
    platforms=("linux-64", "win-64"),
    packages=(
        conda("python", "3.10", "linux-64", "h1_0_cpython", depends=("a >=1.10",), size=11),
        conda("python", "3.10", "win-64", "1e5", licence="yes", constrains=("x <2",)),
        conda("a", "1.10", "linux-64", "pyhd8ed1ab_0", subdir="noarch", noarch="generic"),
        conda("t", "1", "linux-64", "0", timestamp=1_700_000_000_000),
        conda("b", "1e5", "linux-64", "0", track_features=("mkl",), purls=("pkg:pypi/b",)),
        Package(
            "pypi", "c-d", "1.0+cu12", NOWHERE, platform="linux-64", sha256="a" * 64,
            url=f"{FILES}/c_d-1.0%2Bcu12-py3-none-any.whl", requires_python=">=3.10",
            depends=("b >=1 || <0.5", "numpy *", "e ^1.2", "six ; python_version < '3'"),
        ),
    ),
    channels=(Channel(HOST, "conda-forge", NOWHERE),),
    virtual_packages=(VirtualPackage("__cuda", "12.8", "0", "linux-64", NOWHERE),),
    content_hash={"linux-64": "b" * 64, "win-64": "c" * 64},
    sources=(Name("environment.yml", NOWHERE),),
    indexes=("https://index.example.org/simple",),
)  # fmt: skip


def read(file: Path) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["conda-lock", "pixi"])
def test_locks(name, tmp_path):
    ((file, text),) = write([LOCK], name).items()
    (tmp_path / file).write_text(text, encoding="utf-8")
    wanted = [[p.platform, p.name, p.version, p.url, p.sha256] for p in LOCK.packages]
    assert read(tmp_path / file) == sorted(wanted)


def test_explicit_lists(tmp_path):
    for file, text in write([LOCK], "explicit").items():
        if file.endswith(".lock"):
            (tmp_path / file).write_text(text, encoding="utf-8")
            platform = file.removeprefix("conda-").removesuffix(".lock")
            wanted = [
                f"{p.url}#sha256:{p.sha256}"
                for p in LOCK.packages
                if p.platform == platform and p.manager == "conda"
            ]
            assert read(tmp_path / file) == sorted(wanted)
