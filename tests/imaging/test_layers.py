"""Layers of an image: what a new version of one package ships."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Location, Package
from conda_preflight.imaging.layers import MAX_LAYERS, SHARE, Layer, cut, layers
from conda_preflight.imaging.plan import plan
from conda_preflight.imaging.pulls import pulls
from conda_preflight.imaging.tiers import TIERS, tiers
from conda_preflight.installation import Installation, Place

HERE = Location("conda-lock.yml", 1)


def package(name: str, size: int = 0, version: str = "1.0", **more: object) -> Package:
    return Package("conda", name, version, HERE, size=size, **more)  # type: ignore[arg-type]


def shipped(before: Iterable[Layer], after: Iterable[Layer]) -> int:
    """Bytes of layers that are not there already, a layer being what is in it."""
    known = {frozenset(layer.packages) for layer in before}
    return sum(layer.size for layer in after if frozenset(layer.packages) not in known)


def test_every_bump_of_one_of_a_hundred_packages_ships_little_more():
    source = random.Random(7)  # noqa: S311  (the same each time)
    sizes = [int(source.lognormvariate(13, 2)) for _ in range(97)]
    sizes += [800_000_000, 400_000_000, 250_000_000]
    packages = [package(f"part{number}", size) for number, size in enumerate(sizes)]
    tier_of = {p: TIERS[number % len(TIERS)] for number, p in enumerate(packages)}
    size_of = {p: p.size for p in packages}
    total = sum(sizes)
    limits = cut(tier_of, size_of)
    before = layers(tier_of, size_of, limits)
    for old in packages:
        new = replace(old, version="1.1", size=int(old.size * 1.1))
        changed = {new if p is old else p: tier for p, tier in tier_of.items()}
        sizes_now = {p: p.size for p in changed}
        after = layers(changed, sizes_now, limits)
        assert shipped(before, after) - new.size <= 0.02 * total
    assert len(before) <= MAX_LAYERS


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=300), st.randoms())
def test_any_sizes(sizes, source):
    packages = [package(f"p{number}", size) for number, size in enumerate(sizes)]
    tier_of = {p: source.choice(TIERS) for p in packages}
    size_of = {p: p.size for p in packages}
    limits = cut(tier_of, size_of)
    found = layers(tier_of, size_of, limits)
    assert sorted(p.name for layer in found for p in layer.packages) == sorted(
        p.name for p in packages
    )
    assert len(found) <= MAX_LAYERS
    assert [TIERS.index(layer.tier) for layer in found] == sorted(
        TIERS.index(layer.tier) for layer in found
    )
    for pull in pulls(found, size_of):
        assert 0 <= pull.beyond <= max(limits.limit, sum(sizes) // SHARE)


def installation(*packages: Package) -> Installation:
    return Installation(Place("", "linux-64"), packages, "linux-64")


def test_tiers_from_what_needs_what():
    found = tiers_of(
        package("python", depends=("openssl >=3",)),
        package("openssl"),
        package("pytorch", depends=("python >=3.11", "libcublas >=12", "mkl", "numpy")),
        package("libcublas"),
        package("cuda-version"),
        package("mkl"),
        package("numpy", depends=("python",)),
        package("transformers", depends=("pytorch", "tokenizers", "numpy")),
        package("tokenizers", depends=("python",)),
    )
    assert found == {
        "python": "runtime",
        "openssl": "runtime",
        "libcublas": "cuda",
        "cuda-version": "cuda",
        "pytorch": "framework",
        "mkl": "framework",
        "numpy": "framework",
        "transformers": "task",
        "tokenizers": "task",
    }


def tiers_of(*packages: Package) -> dict[str, str]:
    from conda_preflight.dependency_graph import graph

    return {p.name: tier for p, tier in tiers(graph(installation(*packages))).items()}


def test_a_circle_of_dependencies_ends():
    assert tiers_of(package("python", depends=("pip",)), package("pip", depends=("python",))) == {
        "python": "runtime",
        "pip": "runtime",
    }


def test_a_plan_names_what_a_server_does_not_need_and_who_needs_it():
    found = plan(
        installation(
            package("python", 30_000_000),
            package("gcc_linux-64", 60_000_000),
            package("triton", 20_000_000, depends=("gcc_linux-64",)),
            package("jupyterlab", 9_000_000),
            package("conda", 1_000_000),
            package("strange"),
        ),
        {},
    )
    assert [(row.kind, row.name, row.needed_by) for row in found.needless] == [
        ("compiler", "gcc_linux-64", ("triton",)),
        ("notebook", "jupyterlab", ()),
        ("package manager", "conda", ()),
    ]
    assert found.unknown == ("strange",)
    assert found.size == 120_000_000
    assert found.beyond < found.beyond_at_once
    worst = found.worst
    assert worst is not None
    assert worst.beyond <= found.size // SHARE
