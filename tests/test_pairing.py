"""Which manifest a lock belongs to."""

from __future__ import annotations

import pytest

from conda_preflight.documents import Location, Lock, Manifest, Name
from conda_preflight.pairing import pair

_BASE = ["base/environment.yml"]


def manifest(path: str, name: str = "", *, environment: str = "", partial: bool = False):
    at = Location(path, 1, 1)
    kind = "pixi.toml" if path.endswith("pixi.toml") else "environment.yml"
    called = Name(name, at) if name else None
    return Manifest(path, kind, at, called, environment=environment, partial=partial)


def lock(path: str, *sources: str, kind: str = "explicit", environment: str = ""):
    at = Location(path, 1, 1)
    named = tuple(Name(text, at) for text in sources)
    return Lock(path, kind, "1", at, sources=named, environment=environment)


def owners(of: Lock, *manifests: Manifest) -> list[str]:
    return [m.path for m, _ in pair(manifests, [of])]


@pytest.mark.parametrize(
    ("lock_path", "manifests", "owner"),
    [
        ("conda-linux-64.lock", ["environment.yml"], "environment.yml"),
        ("pinned_specs.txt", ["environment.yml"], "environment.yml"),
        ("frozen_environment.txt", ["environment.yml", "docs.yml"], "environment.yml"),
        ("gpu-linux-64.lock", ["environment.yml", "environment-gpu.yml"], "environment-gpu.yml"),
        ("conda-linux-64.lock", ["environment.yml", "environment-gpu.yml"], "environment.yml"),
        ("prod-linux-64.lock", ["environment.yml", "environment-dev.yml"], "environment.yml"),
        ("conda-lock.yml", ["environment-docs.yml"], "environment-docs.yml"),
        ("env.py-3.11-linux-64.lock", ["env.py-3.11.yml", "env.py-3.12.yml"], "env.py-3.11.yml"),
        ("conda-osx-64.lock", ["environment-osx.yml", "environment.yml"], "environment-osx.yml"),
        ("a/conda-lock.yml", ["a/environment.yml", "environment.yml"], "a/environment.yml"),
        ("locks/conda-linux-64.lock", ["environment.yml", "b/other.yml"], "environment.yml"),
        ("locks/b/linux-64.lock", ["envs/only.yml"], "envs/only.yml"),
    ],
)
def test_by_place_and_file_name(lock_path, manifests, owner):
    assert owners(lock(lock_path), *map(manifest, manifests)) == [owner]


@pytest.mark.parametrize(
    ("lock_path", "manifests"),
    [
        ("test-linux-64.lock", ["environment-docs.yml"]),
        ("conda-lock.yml", ["a/environment.yml", "b/environment.yml"]),
        ("test.lock", ["docs.yml", "ci.yml"]),
        ("conda-lock.yml", []),
    ],
)
def test_strangers(lock_path, manifests):
    assert owners(lock(lock_path), *map(manifest, manifests)) == []


def test_by_the_name_of_the_environment():
    found = [manifest("one.yml", "chat_prod"), manifest("two.yml", "chat_dev")]
    assert owners(lock("chat_dev-linux-64.lock"), *found) == ["two.yml"]
    assert owners(lock("prod.lock"), *found) == ["one.yml"]


def test_fragments_own_no_list():
    found = [manifest("constraints.yml", partial=True), manifest("environment.yml")]
    assert owners(lock("constraints.lock"), *found) == ["environment.yml"]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["environment.yml"], ["ml/environment.yml"]),
        (["environment.yml", "../base/environment.yml"], ["ml/environment.yml", *_BASE]),
        (["/home/x/repo/base/environment.yml"], _BASE),
        (["C:\\x\\ml\\environment.yml"], ["ml/environment.yml"]),
        (["/home/x/elsewhere/environment.yml"], ["ml/environment.yml"]),
        (["pyproject.toml"], []),
        (["renamed.yml"], ["ml/environment.yml"]),
    ],
)
def test_by_sources(sources, expected):
    found = [manifest("base/environment.yml"), manifest("ml/environment.yml")]
    assert owners(lock("ml/conda-lock.yml", *sources, kind="conda-lock"), *found) == expected


def test_each_environment_of_pixi_has_its_own():
    found = [manifest("pixi.toml"), manifest("pixi.toml", environment="gpu")]
    gpu = lock("pixi.lock", kind="pixi.lock", environment="gpu")
    plain = lock("pixi.lock", kind="pixi.lock", environment="default")
    assert pair(found, [gpu, plain]) == ((found[1], gpu), (found[0], plain))
    assert pair([manifest("environment.yml")], [plain]) == ()


def test_a_pixi_lock_of_another_name_beside_the_real_one_has_no_owner():
    real, other = (lock(name, kind="pixi.lock") for name in ("pixi.lock", "old-pixi.lock"))
    found = [manifest("pixi.toml")]
    assert pair(found, [real, other]) == ((found[0], real),)
    assert pair(found, [other]) == ((found[0], other),)


def test_the_tables_of_a_pyproject():
    at = Location("pyproject.toml", 1, 1)
    pixi, table = (Manifest("pyproject.toml", "pyproject.toml", at) for _ in range(2))
    made = lock("conda-lock.yml", "pyproject.toml", kind="conda-lock")
    assert pair([pixi, table], [made]) == ((table, made),)
    of_pixi = lock("pixi.lock", kind="pixi.lock", environment="default")
    assert pair([pixi, table], [of_pixi]) == ((pixi, of_pixi),)
    toml = manifest("pixi.toml")
    assert pair([toml, table], [of_pixi]) == ((toml, of_pixi),)
