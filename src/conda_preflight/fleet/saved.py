"""Answers that nodes have written into files, however those came here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.fleet import log_lines
from conda_preflight.fleet.answers import MAX_BYTES, NodeAnswer, read_named
from conda_preflight.fleet.differences import asked_for_listings, unlike
from conda_preflight.fleet.outcome import Fleet

MAX_FILES = 100_000
_MAX_LINE = MAX_BYTES


def read(places: Sequence[Path]) -> list[NodeAnswer]:
    """One answer per file, per line of a ``.jsonl``, all of a ``.log``; folders hold such files.

    Raises UsageError where a file is not there or two answers have one name.
    """
    answers = [answer for place in places for file in _files(place) for answer in _read(file)]
    names = [answer.node for answer in answers]
    twice = sorted({name for name in names if names.count(name) > 1}) if names else []
    if twice:
        raise UsageError(f"Two answers are of {twice[0]}", "Each node answers once.")
    return answers


def told_by_file(fleet: Fleet) -> Fleet:
    """The fleet with what differs by file, as far as the answers list their files."""
    by_name = {answer.node: answer for answer in fleet.answers}
    model, odd = asked_for_listings(fleet.differences)
    theirs = by_name[model].listing if model else None
    if theirs is None:
        return fleet
    found = ((node, by_name[node].listing) for node in odd)
    told = tuple(unlike(node, ours, model, theirs) for node, ours in found if ours is not None)
    return replace(fleet, unlike=told)


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = sorted(f for f in place.iterdir() if f.suffix in (".json", ".jsonl", ".log"))
    if not found or len(found) > MAX_FILES:
        raise UsageError(f"{place} holds no answers", "They are files .json, .jsonl or .log.")
    return found


def _read(file: Path) -> list[NodeAnswer]:
    if file.suffix == ".log":
        return _of_log(file)
    try:
        if file.stat().st_size > MAX_BYTES and file.suffix != ".jsonl":
            raise UsageError(f"{file} is too large for an answer")
        with file.open("rb") as stream:
            lines = stream if file.suffix == ".jsonl" else [stream.read()]
            return [read_named(file.stem, line) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def _of_log(file: Path) -> list[NodeAnswer]:
    """The answers among the lines of a log, of which a long one is met in pieces."""
    try:
        with file.open(encoding="utf-8", errors="replace", newline="\n") as stream:
            return log_lines.read(file.stem, iter(partial(stream.readline, _MAX_LINE), ""))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
