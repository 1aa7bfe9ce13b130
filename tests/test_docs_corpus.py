"""Sections about real locks: each that can be read is written, and in step ever after."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from conda_preflight.actions import docs
from conda_preflight.config import settings
from conda_preflight.errors import PreflightError

CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", "/nonexistent")) / "locks"
NAMES = {"pixi": "pixi.lock", "magic": "pixi.lock", "conda-lock": "conda-lock.yml"}
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="CONDA_PREFLIGHT_CORPUS is not set"),
]


def one(lock: Path, root: Path) -> str:
    """What became of a lock: written, or refused with a sentence."""
    name = next((name for word, name in NAMES.items() if word in lock.name), "linux.lock")
    shutil.copy(lock, root / name)
    try:
        [*docs.written(docs.draft(root, settings(root), date(2026, 11, 24)))]
    except PreflightError:
        return "refused"
    later = date(2027, 2, 1)
    again = docs.draft(root, settings(root), later)
    assert [*docs.faults(again, later)] == [], lock.name
    assert again.in_step, lock.name
    return "written"


def outcomes(tmp_path: Path, largest: int) -> Counter[str]:
    found: Counter[str] = Counter()
    locks = sorted(f for f in CORPUS.rglob("*") if f.is_file() and f.stat().st_size <= largest)
    for number, lock in enumerate(locks):
        root = tmp_path / str(number)
        root.mkdir()
        found[one(lock, root)] += 1
    return found


def test_small_locks(tmp_path):
    found = outcomes(tmp_path, 20_000)
    assert found["written"] > found["refused"] > 0


@pytest.mark.slow
def test_all_locks(tmp_path):
    found = outcomes(tmp_path, 6_000_000)
    assert found["written"] > 100
