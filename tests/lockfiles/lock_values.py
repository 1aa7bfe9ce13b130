"""Locks made of hostile texts, and what two locks have in common."""

from __future__ import annotations

from hypothesis import strategies as st

from conda_preflight.documents import Channel, Location, Lock, Name, Package, Source, VirtualPackage

NOWHERE = Location("made.lock", 1, 1)
HOST = "https://conda.example.org/conda-forge"
FILES = "https://files.example.org/packages"
PLATFORMS = ("linux-64", "osx-arm64", "win-64")
TRAPS = (
    "1.10",
    "1e5",
    "0x1f",
    "0o17",
    "0b101",
    "1_000",
    "12:30:45",
    "2024-01-01",
    "on",
    "Yes",
    "NULL",
    "~",
    "1.",
    "+1",
    ".5",
    ".inf",
    "=",
    "1!2.0",
    "2023.07.22",
    "0b0f7174a0f94d",
)

hexadecimal = st.sampled_from("0123456789abcdef")
sha256s = st.text(hexadecimal, min_size=64, max_size=64) | st.just("1" * 62 + "e5")
md5s = st.text(hexadecimal, min_size=32, max_size=32) | st.just("0" * 32)
names = st.sampled_from(("on", "null", "_x", "1", "py-z", "y", "no.x")) | st.from_regex(
    r"[a-z0-9_][a-z0-9_.-]{0,8}[a-z0-9]", fullmatch=True
)
projects = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,2}", fullmatch=True)
versions = st.sampled_from([v for v in TRAPS if "-" not in v]) | st.from_regex(
    r"[0-9][0-9a-z.!+_]{0,8}", fullmatch=True
)
pep440s = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}(rc[0-9])?(\+cu[0-9]{3})?", fullmatch=True)
builds = st.sampled_from(("0", "main", "1e5", "h1_0_cpython")) | st.from_regex(
    r"[a-z0-9_]{1,8}_[0-9]", fullmatch=True
)
constraints = st.sampled_from(("", " >=1.26,<2", " 1.10", " * *_cpython", " 2.*", " >=3|<2"))
words = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@st.composite
def conda_packages(draw: st.DrawFn, platform: str, name: str) -> Package:
    version, build = draw(versions), draw(builds)
    subdir = draw(st.sampled_from((platform, "noarch")))
    return Package(
        manager="conda",
        name=name,
        version=version,
        location=NOWHERE,
        build=build,
        platform=platform,
        subdir=subdir,
        url=f"{HOST}/{subdir}/{name}-{version}-{build}.conda",
        sha256=draw(sha256s),
        md5=draw(md5s),
        size=draw(st.integers(0, 10**11)),
        depends=tuple(
            n + draw(constraints) for n in draw(st.lists(names, max_size=3, unique=True))
        ),
        constrains=tuple(n + " <2" for n in draw(st.lists(names, max_size=2, unique=True))),
        licence=draw(words | st.just("")),
        category=draw(st.sampled_from(("main", "dev"))),
        timestamp=draw(st.just(0) | st.integers(253_402_300_800, 9 * 10**14)),
    )


@st.composite
def pypi_packages(draw: st.DrawFn, platform: str, name: str) -> Package:
    version = draw(pep440s)
    file = f"{name.replace('-', '_')}-{version.replace('+', '%2B')}-py3-none-any.whl"
    return Package(
        manager="pypi",
        name=name,
        version=version,
        location=NOWHERE,
        platform=platform,
        url=f"{FILES}/{file}",
        sha256=draw(sha256s),
        depends=tuple(f"{n} >=1" for n in draw(st.lists(projects, max_size=2, unique=True))),
        requires_python=draw(st.sampled_from(("", ">=3.10", "<4,>=3"))),
    )


@st.composite
def locks(draw: st.DrawFn, most: int = 3) -> Lock:
    """A lock of one to three platforms, with packages in any order."""
    platforms = draw(st.lists(st.sampled_from(PLATFORMS), min_size=1, max_size=most, unique=True))
    packages: list[Package] = []
    for platform in platforms:
        conda = draw(st.lists(names, max_size=4, unique=True))
        pip = draw(st.lists(projects, max_size=3, unique=True))
        packages.extend(draw(conda_packages(platform, name)) for name in conda)
        packages.extend(draw(pypi_packages(platform, name)) for name in pip)
    return Lock(
        path="made.lock",
        kind="conda-lock",
        version="1",
        location=NOWHERE,
        platforms=tuple(platforms),
        packages=tuple(draw(st.permutations(packages))),
        channels=(Channel(HOST, "conda-forge", NOWHERE),),
        virtual_packages=tuple(
            VirtualPackage("__cuda", draw(pep440s), draw(builds), p, NOWHERE) for p in platforms
        ),
        content_hash={platform: draw(sha256s) for platform in platforms},
        sources=tuple(
            Name(text, NOWHERE) for text in draw(st.lists(words, min_size=1, max_size=2))
        ),
        indexes=draw(st.sampled_from(((), ("https://index.example.org/simple",)))),
    )


def as_source(text: str, path: str) -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def facts(lock: Lock, *keys: str) -> list[tuple[object, ...]]:
    """The named facts of every package, sorted, and always which package it is."""
    telling = ("manager", "name", "version", "platform", *keys)
    rows = [tuple(_fact(package, key, lock) for key in telling) for package in lock.packages]
    return sorted(set(rows), key=repr)


def _fact(package: Package, key: str, lock: Lock) -> object:
    value = getattr(package, key)
    if key == "platform":
        return lock.subdirs.get(package.platform, package.platform)
    return value


def virtual(lock: Lock) -> set[tuple[str, str, str, str]]:
    return {(v.platform, v.name, v.version, v.build) for v in lock.virtual_packages}
