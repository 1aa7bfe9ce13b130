"""Revisions in the cache of Hugging Face, read from its folders; links are read, not followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from conda_preflight.cleaning import hub
from conda_preflight.cleaning.found import LEFTOVER, MODEL, Found
from conda_preflight.engines.cache_search import listing, thing

MAX_FILES = 100_000
_MAX_REF = 200


def models(top: str) -> Iterator[Found]:
    """Each revision of each model as one thing, not weighed yet."""
    for repository in listing(top):
        if repository.is_dir(follow_symlinks=False) and hub.REPOSITORY.fullmatch(repository.name):
            yield from _revisions(repository.path)


def _revisions(repository: str) -> Iterator[Found]:
    refs = dict(_refs(f"{repository}/refs"))
    revisions = [
        hub.Revision(entry.path, _blobs(entry.path, repository), hub.refs_of(refs, entry.name))
        for entry in listing(f"{repository}/snapshots")
        if entry.is_dir(follow_symlinks=False) and hub.REVISION.fullmatch(entry.name)
    ]
    for each in hub.going(revisions):
        for found in thing(MODEL, "huggingface", *each.parts):
            yield replace(found, refs=each.names)
    linked = {blob for revision in revisions for blob in revision.blobs}
    left = [e.path for e in listing(f"{repository}/blobs") if e.path not in linked]
    yield from thing(LEFTOVER, "huggingface", *left, called=f"{repository}/blobs")


def _refs(folder: str) -> Iterator[tuple[str, str]]:
    """Each small file below ``refs`` with its text; a ref may have slashes."""
    for here, _, files in os.walk(folder):
        for name in files:
            file = Path(here, name)
            if not file.is_symlink() and file.is_file():
                with file.open("rb") as stream:
                    yield str(file), stream.read(_MAX_REF).decode("ascii", "replace")


def _blobs(folder: str, repository: str) -> tuple[str, ...]:
    """The blobs of the repository that links in a revision lead to."""
    found = []
    for here, _, files in os.walk(folder):
        for name in files[:MAX_FILES]:
            path = os.path.join(here, name)  # noqa: PTH118  (one of very many)
            if os.path.islink(path):  # noqa: PTH114
                target = os.path.normpath(Path(here) / os.readlink(path))  # noqa: PTH115
                if Path(target).parent == Path(repository, "blobs"):
                    found.append(target)
    return tuple(found)
