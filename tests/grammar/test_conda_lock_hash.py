"""Digests that conda-lock 3.0.4 gave this manifest, and what follows from a mixture of them."""

from __future__ import annotations

import pytest

from conda_preflight.documents import Location, Lock, Manifest, Source
from conda_preflight.grammar.conda_lock_hash import content_hash, content_hashes, other_state
from conda_preflight.readers.environment_yml import read

TEXT = """\
channels:
  - pytorch
  - conda-forge
dependencies:
  - python=3.11
  - numpy >=1.26,<2
  - pytorch::pytorch==2.4.1
  - scipy=1.14.1=py311*
  - cudatoolkit  # [linux]
  - pip
  - pip:
      - einops==0.8.0
      - uvicorn[standard]>=0.30
"""
MADE = {
    "linux-64": "0c1e837659131d299a385b90a4bdd4ade3afc5b344bee987a274eba3b27778ae",
    "osx-arm64": "11fb1fa21d83dcdc1ca4cdccc8ad7993e022b0d30bb8fe52297769d7f87afb60",
    "win-64": "ec94f29d00b215f17aec781c60565c6b6ef2827644ab91f1263089486f346087",
    "osx-64": "6b224f27daf1c0b5f0fad3581e02311a96bf1f72a2e88d024aff1880ccaa7304",
}


def manifest(text: str = TEXT) -> Manifest:
    lines = tuple(text.split("\n"))
    found = read(Source("environment.yml", text, "", len(text), "utf-8", "\n", lines))
    return next(document for document in found if isinstance(document, Manifest))


def lock(**hashes: str) -> Lock:
    made = {name.replace("_", "-"): digest for name, digest in hashes.items()}
    return Lock("conda-lock.yml", "conda-lock", "1", Location("conda-lock.yml"), content_hash=made)


@pytest.mark.parametrize(("platform", "digest"), MADE.items())
def test_digests_of_conda_lock_itself(platform, digest):
    assert digest in content_hashes([manifest()], platform)


@pytest.mark.parametrize("change", ["numpy >=1.26,<3", "numpy"])
def test_another_manifest_has_another_digest(change):
    other = manifest(TEXT.replace("numpy >=1.26,<2", change))
    assert MADE["linux-64"] not in content_hashes([other], "linux-64")


@pytest.mark.parametrize("line", ["git+https://example.org/x.git", "x; python_version<'3'"])
def test_what_cannot_be_written_has_none(line):
    other = manifest(f"{TEXT}      - {line}\n")
    assert content_hashes([other], "linux-64") == frozenset()
    assert content_hashes([manifest()], "linux-s390x") == frozenset()


def test_one_platform_of_another_state():
    mixed = lock(linux_64=MADE["linux-64"], win_64="0" * 64, osx_64=MADE["osx-64"])
    assert other_state([manifest()], mixed) == ("win-64",)


def test_digests_that_nothing_explains_prove_nothing():
    assert other_state([manifest()], lock(linux_64="0" * 64, win_64="1" * 64)) == ()
    by_option = lock(linux_64="0" * 64, osx_64=MADE["osx-64"])  # a CUDA option explains it
    assert other_state([manifest()], by_option) == ()
    assert other_state([manifest()], lock(linux_64="0" * 64)) == ()


@pytest.mark.parametrize(
    ("platform", "digest"),
    [
        ("linux-64", "00d298c362e7e6abad3cf0104cfc6745f3fefcef083c315ece9dfdf8dec01ccc"),
        ("osx-64", "eb8f866ff277d82381234af24ffb1864ecdeb12fc9451e26716b599816ae8f70"),
        ("win-64", "24e96843a08c0883bd34474207fbc3fac49cbcc71d00577cc21430de4a41b5a0"),
    ],
)
def test_the_digest_that_is_written_is_that_of_conda_lock_4(platform, digest):
    text = (
        "channels: [conda-forge, nvidia]\n"
        "dependencies: [python=3.11, 'numpy>=1.26,<2', pip, pip: [transformers==4.41.0]]\n"
    )
    assert content_hash([manifest(text)], platform) == digest
    assert digest in content_hashes([manifest(text)], platform)


def test_no_digest_is_written_where_it_is_not_known():
    assert content_hash([manifest()], "zos-z") == ""
