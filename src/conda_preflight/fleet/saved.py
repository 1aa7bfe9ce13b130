"""Answers that nodes have written into files, however those came here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.fleet import log_lines
from conda_preflight.fleet.answers import MAX_BYTES, NodeAnswer, read_named

MAX_FILES = 100_000


def read(places: Sequence[Path]) -> list[NodeAnswer]:
    """One answer per file, per line of a ``.jsonl``, all of a ``.log``; folders hold such files.

    What is no answer is one that FAILED, by the name of its file. Raises UsageError where a file is
    not there or two answers have one name.
    """
    found: dict[str, tuple[Path, NodeAnswer]] = {}
    for file in (file for place in places for file in _files(place)):
        for answer in _read(file):
            before, _ = found.setdefault(answer.node, (file, answer))
            if found[answer.node][1] is not answer:
                raise UsageError(*_twice(answer.node, before, file))
    return [answer for _, answer in found.values()]


def _twice(node: str, before: Path, file: Path) -> tuple[str, str]:
    where = f"both in {file}" if file == before else f"in {before} and in {file}"
    hint = "Each node answers once: leave out the answers of an earlier question."
    return f"Two answers are of {node}, {where}", hint


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = sorted(f for f in place.iterdir() if f.suffix in (".json", ".jsonl", ".log"))
    if not found or len(found) > MAX_FILES:
        raise UsageError(f"{place} holds no answers", "They are files .json, .jsonl or .log.")
    strange = next((file for file in found if file.exists() and not file.is_file()), None)
    if strange:  # a pipe would be waited for; whoever names one has a reason
        raise UsageError(f"{strange} is no file")
    return found


def _read(file: Path) -> list[NodeAnswer]:
    try:
        return list(_OF_KIND.get(file.suffix, _of_json)(file))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def _of_json(file: Path) -> Iterator[NodeAnswer]:
    """The one answer of a file; an empty one is what a program that is not there leaves behind."""
    with file.open("rb") as stream:
        yield read_named(file.stem, stream.read(MAX_BYTES + 1))


def _of_lines(file: Path) -> Iterator[NodeAnswer]:
    """An answer per line, each bounded; a file without any is a node that said nothing."""
    with file.open("rb") as stream:
        lines = enumerate(iter(partial(stream.readline, MAX_BYTES + 1), b""), 1)
        found = [read_named(f"{file.stem}:{at}", line) for at, line in lines if line.strip()]
    yield from found or [read_named(file.stem, b"")]


def _of_log(file: Path) -> Iterator[NodeAnswer]:
    """The answers among the lines of a log, of which a long one is met in pieces."""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        found = log_lines.read(file.stem, iter(partial(stream.readline, MAX_BYTES), ""))
    for at, answer in enumerate(found, 1):
        nameless = answer.node == file.stem and len(found) > 1
        yield replace(answer, node=f"{file.stem}:{at}") if nameless else answer


_OF_KIND = {".jsonl": _of_lines, ".log": _of_log}
