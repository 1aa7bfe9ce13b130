"""Environments of which bills are made: usual, hostile, large and circular."""

from __future__ import annotations

from conda_preflight.documents import Package
from conda_preflight.installation import NOWHERE, Ask, Installation, Place

SHA, MD5 = "a" * 64, "b" * 32
CHANNEL = "https://conda.example.org/conda-forge"


def conda(name, version="1.0", depends=(), **more):
    given = {"build": "h0_0", "subdir": "linux-64", "channel": "conda-forge", "sha256": SHA}
    given["url"] = f"{CHANNEL}/linux-64/{name}-{version}-h0_0.conda"
    return Package("conda", name, version, NOWHERE, depends=depends, **{**given, **more})


def pypi(name, version="1.0", depends=(), **more):
    return Package("pypi", name, version, NOWHERE, depends=depends, **more)


def usual():
    packages = (
        conda("python", "3.11.9", ("openssl >=3",), licence="Python-2.0", md5=MD5),
        conda("openssl", "3.4.0", licence="Apache-2.0", timestamp=1_700_000_000_000),
        conda("pytorch", "2.1.0", ("python", "__glibc >=2.17"), licence="BSD 3-Clause"),
        conda("freetype", "2.13.3", licence="GPL-2.0-only OR FTL"),
        conda("r-stringi", "1.8.4", licence="FOSS"),
        pypi("fastapi", "0.115.0", ("torch>=2",), licence="MIT", hashes=("sha256:1", "sha256:2")),
    )
    ask = Ask("conda", "pytorch", "pytorch=2.1", "environment.yml:4")
    place = Place("", "linux-64")
    return Installation(place, packages, "linux-64", (ask,), {"__glibc": "2.28"})


def hostile():
    odd = "a\x1b[31m\u202e\"<script>' \\ %zz?#&=/é\U0001f600\n"
    packages = (
        conda(odd, odd, (odd,), build=odd, channel=odd, licence=odd, url=f"https://x.org/{odd}"),
        conda(
            "secret",
            url="https://me:hunter2@conda.example.org/t/tk-1/c/linux-64/s-1-0.conda?token=q",
        ),
        conda("local", url="/home/somebody/private/local-1.0-h0_0.conda"),
        conda("same", sha256="c" * 64),
        conda("same", sha256="d" * 64),
        conda("long", "9" * 5000, licence="MIT OR " * 5000 + "MIT"),
        pypi("git-one", url="git+https://me:hunter2@git.example.org/a.git@abc", licence="(((MIT"),
    )
    return Installation(Place("gpu", "linux-64"), packages, "linux-64")


def circular():
    packages = (
        conda("a", depends=("b",)),
        conda("b", depends=("c",)),
        conda("c", depends=("a", "c")),
    )
    return Installation(Place("", "linux-64"), packages, "linux-64")


def large(count=10_000):
    packages = tuple(
        conda(f"p{n}", depends=tuple(f"p{(n * 7 + k) % count}" for k in range(4)), licence="MIT")
        for n in range(count)
    )
    return Installation(Place("", "linux-64"), packages, "linux-64")
