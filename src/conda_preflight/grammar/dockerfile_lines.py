"""The logical lines of a Dockerfile: continuations joined, comments dropped, places kept.

Source: the Dockerfile reference (format, parser directives, here-documents).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.errors import ReadError
from conda_preflight.grammar.passage import Passage, Piece, passage
from conda_preflight.grammar.shell_words import Lexer
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

KEYWORDS = frozenset(
    (
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    )
)
"""Every instruction there is; source: Dockerfile reference."""

_BLANKS = " \t\r\f\v\xa0\ufeff"
_DIRECTIVE = lazy_pattern(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.*)")
_KEYWORD = lazy_pattern(r"[^ \t\xa0]+")
_HEREDOC_KEYWORDS = frozenset(("RUN", "COPY", "ADD"))


@document_type
class Line:
    """One instruction: its keyword in capitals and the rest, with here-documents."""

    keyword: str
    value: Passage
    line: int
    column: int
    length: int


@document_type
class Lines:
    """The instructions of a file, and its escape character."""

    escape: str
    lines: tuple[Line, ...]


def lines_of(path: str, rows: Sequence[str]) -> Lines:
    """All instructions of a Dockerfile; raises ReadError for a here-document that never ends."""
    escape = _escape(rows)
    return Lines(escape, tuple(_lines(path, rows, escape)))


def _escape(rows: Sequence[str]) -> str:
    """The character of the ``escape`` directive, which must stand above all else."""
    for row in rows:
        found = _DIRECTIVE.match(row.strip())
        if not found:
            break
        if found.group(1).lower() == "escape":
            return "`" if found.group(2).strip() == "`" else "\\"
    return "\\"


def _lines(path: str, rows: Sequence[str], escape: str) -> Iterator[Line]:
    at = 0
    while at < len(rows):
        row = rows[at]
        text = row.strip(_BLANKS)
        if not text or text.startswith("#"):
            at += 1
            continue
        pieces, after = _logical(rows, at, escape)
        keyword, value = _split(passage(path, pieces))
        column = len(row) - len(row.lstrip(_BLANKS)) + 1
        length = len(text.removesuffix(escape).rstrip())
        nested = value.text.split(None, 1)[:1] if keyword == "ONBUILD" else [keyword]
        if nested and nested[0].upper() in _HEREDOC_KEYWORDS:
            value, after = _with_heredocs(value, rows, after, escape)
        yield Line(keyword, value, at + 1, column, length)
        at = after


def _logical(rows: Sequence[str], at: int, escape: str) -> tuple[list[Piece], int]:
    """The pieces of one logical line, and the index of the row after it."""
    pieces: list[Piece] = []
    first = at
    while at < len(rows):
        row = rows[at]
        at += 1
        bare = row.strip()
        if pieces and (not bare or bare.startswith("#")):
            continue  # both may stand inside a continued instruction
        text, continued = _continued(row, escape)
        start = len(text) - len(text.lstrip(_BLANKS)) if at - 1 == first else 0
        pieces.append(Piece(text[start:] + ("" if continued else "\n"), at, start + 1))
        if not continued:
            break
    return pieces, at


def _continued(row: str, escape: str) -> tuple[str, bool]:
    text = row.rstrip(_BLANKS)
    if text.endswith(escape) and not text.endswith(escape * 2):
        return text[:-1], True
    return row, False


def _split(text: Passage) -> tuple[str, Passage]:
    """The keyword and its value, without blanks around."""
    found = _KEYWORD.match(text.text.rstrip("\n"))
    end = found.end() if found else 0
    rest = text.text[end:]
    start = end + len(rest) - len(rest.lstrip())
    return text.text[:end].upper(), text.cut(start, max(start, len(text.text.rstrip())))


def _with_heredocs(
    value: Passage, rows: Sequence[str], at: int, escape: str
) -> tuple[Passage, int]:
    """The value with the bodies of the here-documents that it announces."""
    pieces = list(value.pieces)
    for name, indented in _announced(value.text, escape):
        first = at
        pieces.append(Piece("\n", first, len(rows[first - 1]) + 1))
        while at < len(rows):
            row = rows[at]
            at += 1
            pieces.append(Piece(row + "\n", at, 1))
            if (row.lstrip("\t") if indented else row) == name:
                break
        else:
            raise ReadError(
                f"The here-document {name} that is opened here never ends",
                f"Write {name} alone on a line where it ends.",
                value.place(0)[0],
            )
        last = pieces.pop()
        pieces.append(Piece(last.text.rstrip("\n"), last.line, last.column))
    return passage(value.path, pieces), at


def _announced(text: str, escape: str) -> list[tuple[str, bool]]:
    """The delimiters of a line, and whether leading tabs do not count."""
    found: list[tuple[str, bool]] = []
    opener = ""
    for token in Lexer(text, escape).tokens():
        if opener and not token.operator and token.text:
            found.append((token.text, opener == "<<-"))
        opener = token.text if token.operator and token.text in ("<<", "<<-") else ""
    return found


def words_of(text: Passage, escape: str) -> tuple[str, ...]:
    """The arguments of an instruction without their quotes; a shell's operators are plain here."""
    head = text.text.partition("\n")[0]
    words: list[str] = []
    end = -1
    for token in Lexer(head, escape).tokens():
        if token.start == end:
            words[-1] += token.text
        else:
            words.append(token.text)
        end = token.end
    return tuple(words)


def inner(line: Line) -> Line:
    """The instruction that an ONBUILD holds."""
    keyword, value = _split(line.value)
    place = line.value.place(0)
    return Line(keyword, value, *place, len(line.value.text.partition("\n")[0]))
