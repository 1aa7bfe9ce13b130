"""``requirements.txt`` and constraints files: what pip reads; source: pip's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice

from conda_preflight.documents import Document, Location, Requirement, Requirements, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.requirement import parse_all
from conda_preflight.pattern import lazy_pattern
from conda_preflight.readers import PATTERNS

MAX_ENTRIES = 100_000
_SAMPLE = 200
_SUFFIXES = (".txt", ".in", ".pip", ".req", ".reqs", ".lock")
_EXPORTED = lazy_pattern(r"[A-Za-z0-9_][\w.-]*=[^=\s]+=[^=\s]+\Z")
_BREAK = lazy_pattern(r"\\\s*\Z")


def recognizes(source: Source) -> bool:
    """A file with pip's name for it or pip's lines in it; no list of conda's and no prose."""
    base = source.path.rpartition("/")[2].lower()
    named = any(fnmatchcase(base, pattern) for pattern in PATTERNS["requirements_txt"])
    if not named and not base.endswith(_SUFFIXES) and "." in base:
        return False
    if _is_condas(source):
        return False
    found = [parse_all(text, at)[0] for text, at in islice(_entries(source), _SAMPLE)]
    if named:
        readable = sum(req.kind != "invalid" or bool(req.meant or req.name) for req in found)
        return 2 * readable >= len(found) and not _is_prose(found)
    telling = sum(_is_telling(req) for req in found)
    return 2 * telling > len(found) and all(req.kind != "invalid" for req in found)


def read(source: Source) -> list[Document]:
    """One Requirements; a line that pip would reject is in it as "invalid" with the reason.

    Files named by ``-r`` and ``-c`` are not followed. Raises ReadError for conda's lists.
    """
    if _is_condas(source):
        raise ReadError(
            "This is a list of conda packages, which pip cannot read",
            "Name it as a lock, or write pip's requirements.",
            1,
            1,
        )
    found: list[Requirement] = []
    for text, place in _entries(source):
        found.extend(parse_all(text, place))
        if len(found) > MAX_ENTRIES:
            raise ReadError(f"The file has more than {MAX_ENTRIES} requirements", "", place.line)
    return [Requirements(source.path, Location(source.path, 1, 1), tuple(found))]


def _entries(source: Source) -> Iterator[tuple[str, Location]]:
    """Logical lines without empty ones and comments; a backslash joins a line to the next."""
    pieces: list[str] = []
    start = 0
    for number, line in enumerate((*source.lines, ""), 1):
        comment = line.lstrip().startswith("#")
        start = start if pieces else number
        broken = None if comment else _BREAK.search(line)
        if broken and number <= len(source.lines):
            pieces.append(line[: broken.start()])
            continue
        text = " ".join([*pieces, "" if comment else line]).strip()
        if text:
            yield text, _place(source, start, text)
        pieces = []


def _place(source: Source, number: int, text: str) -> Location:
    line = source.line(number)
    column = len(line) - len(line.lstrip()) + 1
    length = min(len(line.strip()), len(text))
    return Location(source.path, number, column, length)


def _is_condas(source: Source) -> bool:
    """``@EXPLICIT``, URLs of conda packages, or the lines of ``conda list --export``."""
    lines = (line.strip() for line in source.lines if line.strip())
    for line in islice((line for line in lines if not line.startswith("#")), _SAMPLE):
        if line == "@EXPLICIT" or _EXPORTED.match(line) or _is_archive(line):
            return True
    return False


def _is_archive(line: str) -> bool:
    return line.partition("#")[0].endswith(".conda")


def _is_telling(req: Requirement) -> bool:
    """More than a bare word, which any text may hold."""
    return bool(req.specifier or req.url or req.hashes or req.option) and req.kind != "path"


def _is_prose(found: list[Requirement]) -> bool:
    """Sentences: most lines hold several words, and nothing that was meant for pip."""
    lost = sum(req.kind == "invalid" and not req.meant and " " in req.text for req in found)
    return 2 * lost > len(found)
