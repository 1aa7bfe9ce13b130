"""Texts of locks: made by hand, mutated by hypothesis, and real ones where they are at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import strategies as st

from conda_preflight.documents import Document, Layout, Lock, Source
from conda_preflight.errors import ReadError
from conda_preflight.opening import open_source
from conda_preflight.readers import Reader

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "locks"
NOISE = (
    "- ",
    ": ",
    "{",
    "[",
    "&a ",
    "*a",
    "#",
    "\n",
    "null",
    "'",
    '"',
    "\t",
    "<<: ",
    "=",
    "@",
    "é",
)


def source(text: str, path: str = "a.lock") -> Source:
    """As a file is opened: whatever ends a line in it, a line feed does in the text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def locks(documents: list[Document]) -> list[Lock]:
    return [document for document in documents if isinstance(document, Lock)]


def layouts(documents: list[Document]) -> list[Layout]:
    return [document for document in documents if isinstance(document, Layout)]


def rows(kind: str) -> list[dict[str, str]]:
    """The lines of the index about one kind of lock; a single skipped case without the files."""
    if not (CORPUS / "index.csv").exists():
        skip = pytest.mark.skip(reason="the collection of real locks is not on this machine")
        return [pytest.param({}, marks=(pytest.mark.corpus, skip))]
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as stream:
        found = [row for row in csv.DictReader(stream) if row["kind"] == kind]
    return [pytest.param(row, id=row["file"], marks=pytest.mark.corpus) for row in found]


def real(row: dict[str, str]) -> Source:
    return open_source(CORPUS / row["file"], row["file"])


def mutated(text: str) -> st.SearchStrategy[str]:
    """The text with a few pieces cut out, doubled, moved or replaced by noise."""
    piece = st.tuples(
        st.integers(0, len(text)), st.integers(0, 40), st.sampled_from(NOISE) | st.text(max_size=4)
    )
    return st.lists(piece, min_size=1, max_size=4).map(lambda cuts: _cut(text, cuts))


def _cut(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for at, length, noise in cuts:
        text = text[:at] + noise + text[at + length :]
    return text


def assert_reads_or_refuses(reader: Reader, text: str, path: str) -> None:
    given = source(text, path)
    assert reader.recognizes(given) in (True, False)
    refusal = None
    documents: list[Document] = []
    try:
        documents = list(reader.read(given))
    except ReadError as error:
        refusal = error
    assert refusal or documents
    assert refusal is None or (refusal.message and refusal.line <= len(given.lines) + 1)
    for lock in locks(documents):
        assert all(p.name and p.manager in ("conda", "pypi") for p in lock.packages)
        assert all(len(p.sha256) in (0, 64) and len(p.md5) in (0, 32) for p in lock.packages)
