"""Real locks, written again: the same digests, URLs and sizes, in a text that others read."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest
from lock_values import as_source, facts, virtual

from conda_preflight.documents import Lock
from conda_preflight.errors import ReadError, WriteError
from conda_preflight.lockfiles import conda_lock as conda_lock_writer
from conda_preflight.lockfiles import explicit_list as explicit_writer
from conda_preflight.lockfiles import pixi_lock as pixi_writer
from conda_preflight.opening import open_source
from conda_preflight.readers import conda_lock, explicit_list, pixi_lock

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "locks"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="no collection of real files here"),
]
READERS = {"conda-lock": conda_lock, "pixi.lock": pixi_lock, "explicit": explicit_list}


def rows(kind):
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as stream:
        return [row["file"] for row in csv.DictReader(stream) if row["kind"] == kind]


def real(kind, file):
    try:
        documents = READERS[kind].read(open_source(CORPUS / file, file))
    except ReadError:
        pytest.skip("the file itself is refused")
    return [document for document in documents if isinstance(document, Lock)]


def without_virtual(lock):
    """Old versions of conda-lock wrote virtual packages down as if they could be installed."""
    return replace(lock, packages=tuple(p for p in lock.packages if not p.name.startswith("__")))


@pytest.mark.parametrize("file", rows("conda-lock"))
def test_conda_lock(file):
    (lock,) = map(without_virtual, real("conda-lock", file))
    text = conda_lock_writer.write(lock)
    (read,) = conda_lock.read(as_source(text, file))
    keys = ("url", "sha256", "md5", "build", "subdir", "category", "direct")
    assert facts(read, *keys) == facts(lock, *keys)
    assert [c.text for c in read.channels] == [c.text for c in lock.channels]
    assert [s.text for s in read.sources] == [s.text for s in lock.sources]
    assert lock.content_hash.items() <= read.content_hash.items()
    assert conda_lock_writer.write(read) == text


@pytest.mark.parametrize("file", rows("pixi.lock"))
def test_pixi_lock(file):
    locks = real("pixi.lock", file)
    try:
        text = pixi_writer.write(locks)
    except WriteError:
        packages = [p for lock in locks for p in lock.packages]
        assert any(lock.subdirs for lock in locks) or any(
            not p.version or not (p.subdir or p.manager == "pypi") for p in packages
        )
        return
    keys = ("url", "sha256", "md5", "build", "subdir", "size", "constrains", "licence", "purls")
    more = ("timestamp", "requires_python", "editable", "site_packages", "track_features")
    read = {lock.environment: lock for lock in pixi_lock.read(as_source(text, file))}
    assert set(read) == {lock.environment for lock in locks}
    for lock in locks:
        again = read[lock.environment]
        assert facts(again, *keys, *more) == facts(lock, *keys, *more)
        assert (
            virtual(again) == {(lock.subdirs.get(p, p), *rest) for p, *rest in virtual(lock)}
            or len(locks) > 1
        )
        assert again.indexes == lock.indexes
    assert pixi_writer.write(list(read.values())) == text


@pytest.mark.parametrize("file", rows("explicit"))
def test_explicit_list(file):
    (lock,) = map(without_virtual, real("explicit", file))
    conda = [p for p in lock.packages if p.manager == "conda"]
    (text,) = explicit_writer.write(lock).values()
    (read,) = explicit_list.read(as_source(text, file))
    assert [(p.url, p.sha256, p.md5) for p in read.packages] == list(
        dict.fromkeys((p.url, p.sha256, p.md5) for p in conda)
    )
    assert read.content_hash == lock.content_hash


@pytest.mark.parametrize("file", rows("conda-lock"))
def test_a_line_of_an_explicit_list_comes_after_what_it_needs(file):
    (lock,) = map(without_virtual, real("conda-lock", file))
    for text in explicit_writer.write(lock).values():
        names = [p.name for p in explicit_list.read(as_source(text, "a.lock"))[0].packages]
        at = {name: number for number, name in enumerate(names)}
        if "python" in at and "pip" in at:
            assert at["python"] < at["pip"]
        if "openssl" in at and "python" in at:
            assert at["openssl"] < at["python"]
