"""The store of layers: the least recently used goes first, and nothing while somebody builds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conda_preflight.oci import cache_limits
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import LAYER

HOLD = """
import sys
from pathlib import Path
from conda_preflight.oci.cache_limits import in_use
with in_use(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path) -> Blobs:
    """Three blobs of 1000 bytes, used 1, 2 and 3 hours ago."""
    blobs = Blobs(tmp_path / "images")
    for hours in (1, 2, 3):
        age(blobs, blobs.put(bytes([hours]) * 1000, LAYER).digest, hours / 24)
    return blobs


def age(blobs: Blobs, digest: str, days: float) -> None:
    when = time.time() - days * 86400
    os.utime(blobs.path(digest), (when, when))


def left(blobs: Blobs) -> list[int]:
    return sorted(f.read_bytes()[0] for f in (blobs.folder / "sha256").iterdir())


@pytest.mark.parametrize(
    ("limit", "expected"), [(3000, [1, 2, 3]), (2999, [1, 2]), (1000, [1]), (0, [])]
)
def test_the_least_recently_used_goes_first(store, limit, expected):
    trimmed = cache_limits.trim(store.folder, limit)
    assert left(store) == expected
    assert trimmed.left == 1000 * len(expected)
    assert trimmed.gone == 1000 * (3 - len(expected))


def test_what_is_used_stays(store):
    oldest = next(f for f in (store.folder / "sha256").iterdir() if f.read_bytes()[0] == 3)
    cache_limits.touch(oldest)
    cache_limits.trim(store.folder, 1000)
    assert left(store) == [3]


def test_what_nobody_used_for_long_goes_however_small(store):
    age(store, store.put(b"\x09" * 10, LAYER).digest, cache_limits.DAYS + 1)
    cache_limits.trim(store.folder, 1 << 40)
    assert left(store) == [1, 2, 3]


def test_drafts_of_dead_builds_go_and_links_are_not_followed(store, tmp_path):
    (store.folder / "draft-dead").write_bytes(b"x")
    outside = tmp_path / "outside"
    outside.write_bytes(b"x" * 5000)
    (store.folder / "sha256" / "link").symlink_to(outside)
    cache_limits.trim(store.folder, 0)
    assert not (store.folder / "draft-dead").exists()
    assert outside.exists()


def test_nothing_goes_while_somebody_builds(store: Blobs):
    words = [sys.executable, "-c", HOLD, str(Path(store.folder))]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        assert cache_limits.trim(store.folder, 0) is None
        with cache_limits.in_use(store.folder):  # two may build at once
            assert left(store) == [1, 2, 3]
        other.communicate()
    assert cache_limits.trim(store.folder, 0) is not None
    assert left(store) == []
