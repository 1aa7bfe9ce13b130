"""Answers as lines of a log, which a container's runtime splits, cuts and mixes with others.

An answer is compressed and cut into parts, a line for each: its number, how many there are, the
SHA-256 of the whole, a piece in base64. The list of files comes after it as a text of its own, so
that who reads a log may stop before. A line is shorter than the 16 KiB at which runtimes split, and
all of them than the 10 MiB at which kubelet begins another file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from conda_preflight.errors import ReadError
from conda_preflight.fleet.answers import (
    FAILED,
    MAX_BYTES,
    SCHEMA,
    NodeAnswer,
    listing_json,
    read_listing,
    read_named,
    written,
)
from conda_preflight.pattern import lazy_pattern

MAX_LISTING = 7 * 1024 * 1024
"""Bytes that a list of files may take in a log, which the answer has to fit in too."""
_MARK = "conda-preflight-part"
_PIECE = 8_000
_MAX_PARTS = 4_000
_LISTING_AT = "listing_at"
_LINE = lazy_pattern(
    rf"{_MARK} ([0-9]{{1,4}})/([0-9]{{1,4}}) ([0-9a-f]{{64}}) ([A-Za-z0-9+/=]{{1,{_PIECE}}})"
)
_WHOLE = f'{{"schema": "{SCHEMA}"'
_SHOWN = 300


def write(answer: NodeAnswer) -> str:
    """The lines of an answer, and of its list of files where that is not too long."""
    told = written(replace(answer, listing=None))
    packed = _packed(listing_json(answer.listing)) if answer.listing is not None else b""
    if packed and len(packed) * 4 // 3 < MAX_LISTING:
        told[_LISTING_AT] = hashlib.sha256(packed).hexdigest()
        return "".join((*_lines(_packed(told)), *_lines(packed)))
    return "".join(_lines(_packed(told)))


def _packed(told: object) -> bytes:
    return zlib.compress(json.dumps(told).encode("ascii"), 6)


def _lines(packed: bytes) -> Iterator[str]:
    digest = hashlib.sha256(packed).hexdigest()
    text = base64.b64encode(packed).decode("ascii")
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    for number, piece in enumerate(pieces, 1):
        yield f"{_MARK} {number}/{len(pieces)} {digest} {piece}\n"


class Parts:
    """The texts of a log, taken line by line; ``last`` is the last line that belongs to none.

    A text stays packed until it is asked for: what unpacks to much more than came is met alone.
    """

    def __init__(self) -> None:
        self.last = ""
        self._pieces: dict[tuple[str, int], dict[int, str]] = {}
        self._packed: dict[str, str] = {}
        self._plain: list[str] = []

    def add(self, line: str) -> bool:
        """Take a line; whether a text is whole by it."""
        found = _LINE.search(line)
        start = -1 if found else line.find(_WHOLE)
        if found:
            return self._add(found[3], int(found[1]), int(found[2]), found[4])
        if start >= 0:
            self._plain.append(line[start:])
            return True
        self.last = line.strip()[:_SHOWN] or self.last
        return False

    def _add(self, digest: str, number: int, total: int, piece: str) -> bool:
        if digest in self._packed or not 0 < number <= total <= _MAX_PARTS:
            return False
        pieces = self._pieces.setdefault((digest, total), {})
        pieces[number] = piece
        if len(pieces) < total:
            return False
        del self._pieces[digest, total]
        self._packed[digest] = "".join(pieces[each] for each in range(1, total + 1))
        return True

    def answers(self, name: str) -> Iterator[NodeAnswer]:
        """Those that came whole with their lists of files; FAILED by that name for each other."""
        found = [read_named(name, text) for text in self._plain]
        lists: set[str] = set()
        for digest in self._packed:
            try:
                text = self._text(digest)
                told = _object(text)
            except ReadError as error:
                found.append(NodeAnswer(name, FAILED, error.message))
                continue
            if "schema" in told:
                at = str(told.get(_LISTING_AT, ""))
                lists.add(at)
                found.append(self._with_listing(read_named(name, text), at))
        found += [NodeAnswer(name, FAILED, why) for why in self._cut(lists)]
        yield from found or [NodeAnswer(name, FAILED, self._none())]

    def _cut(self, lists: set[str]) -> Iterator[str]:
        """Of each text that is not whole; an answer without its list of files is still one."""
        for (digest, total), pieces in self._pieces.items():
            if digest not in lists:
                yield f"its log is cut: {len(pieces)} of {total} parts came"

    def _none(self) -> str:
        more = f"; its last line is: {self.last}" if self.last else ""
        return f"no answer is in its log{more}"

    def _text(self, digest: str) -> bytes:
        return _unpacked(self._packed[digest], digest)

    def _with_listing(self, answer: NodeAnswer, at: str) -> NodeAnswer:
        """The answer with the list of files of that digest; one that is broken is none."""
        if at not in self._packed or not answer.is_reached:
            return answer
        try:
            return replace(answer, listing=read_listing(_object(self._text(at))))
        except ReadError:
            return answer


def _object(text: bytes) -> dict[str, object]:
    """A JSON object; raises ReadError."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ReadError("what it sent is no answer")
    return told


def _unpacked(text: str, digest: str) -> bytes:
    """Bytes that are what their digest says; raises ReadError."""
    try:
        packed = base64.b64decode(text, validate=True)
    except binascii.Error:
        packed = b""
    if hashlib.sha256(packed).hexdigest() != digest:
        raise ReadError("a part of its log is altered")
    unpacking = zlib.decompressobj()
    try:
        told = unpacking.decompress(packed, MAX_BYTES)
    except zlib.error:
        raise ReadError("what it sent is no answer") from None
    if unpacking.unconsumed_tail:
        raise ReadError(f"what it sent is larger than {MAX_BYTES // 1024**2} MiB")
    return told


def first(name: str, lines: Iterable[str]) -> NodeAnswer:
    """The first answer of a log without its list of files; FAILED where there is none."""
    parts = Parts()
    for line in lines:
        if parts.add(line):
            break
    return next(parts.answers(name))


def read(name: str, lines: Iterable[str]) -> list[NodeAnswer]:
    """All answers of a log; of one that is cut, or holds none, one that FAILED by that name."""
    parts = Parts()
    for line in lines:
        parts.add(line)
    return list(parts.answers(name))
