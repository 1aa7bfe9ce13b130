from __future__ import annotations

from dataclasses import replace

from lock_values import NOWHERE

from conda_preflight.documents import Channel, Lock, Name, Package
from conda_preflight.lockfiles import FORMATS
from conda_preflight.lockfiles.loss import losses, unread_by_conda_lock

FULL = Package(
    "conda", "a", "1", NOWHERE, "0", md5="a" * 32, sha256="b" * 64, size=1, depends=("b",),
    constrains=("c",), licence="MIT", purls=("p",), category="dev", timestamp=1,
)  # fmt: skip
LOCK = Lock(
    "a", "conda-lock", "1", NOWHERE, ("linux-64",), (FULL, replace(FULL, name="b", size=0)),
    channels=(Channel("c", "c", NOWHERE),), sources=(Name("environment.yml", NOWHERE),),
    content_hash={"linux-64": "c" * 64}, indexes=("https://index.example.org/simple",),
)  # fmt: skip


def test_what_each_format_loses():
    assert losses(LOCK, "conda-lock") == [
        "the package indexes of the pip half",
        "the limits on packages that are not installed (2 packages)",
        "the size (1 package)",
        "the licence (2 packages)",
        "the names of the same projects at PyPI (2 packages)",
        "the time of the build (2 packages)",
    ]
    assert losses(LOCK, "explicit")[:3] == [
        "the channels",
        "the manifests it was made from",
        "the dependencies (2 packages)",
    ]
    assert losses(LOCK, "pixi") == [
        "the digests of the manifests",
        "the manifests' names",
        "the category (2 packages)",
    ]


def test_nothing_is_lost_of_nothing():
    lock = Lock("a", "explicit", "", NOWHERE)
    assert [losses(lock, name) for name in FORMATS] == [[], [], []]


def test_packages_without_md5_are_named():
    lock = replace(LOCK, packages=(FULL, replace(FULL, name="z", md5="")))
    assert unread_by_conda_lock(lock) == ["z"]
