"""A page with a marked section, of which nothing else is ever changed, byte for byte."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from conda_preflight.errors import PreflightError, ReadError
from conda_preflight.grammar.marked_section import BEGIN, END, Marks, marks_of, open_code
from conda_preflight.opening import decode, read_bytes, refuse_outside
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.readers.script import MAX_TEXT

_ENDING = lazy_pattern(r"\r\n|\r|\n")
_BIG_ENDIAN = "utf-16-be"


@document_type
class MarkedFile:
    """A page as it is: ``rows`` with their endings, ``marks`` None where it has no section.

    ``is_new`` is true where there is no such file yet; ``name`` is its path in the project.
    """

    file: Path
    name: str
    rows: tuple[str, ...]
    encoding: str
    marks: Marks | None
    is_new: bool = False

    @property
    def section(self) -> tuple[str, ...]:
        """The lines between the marks, without endings."""
        if not self.marks:
            return ()
        inside = self.rows[self.marks.begin : self.marks.end - 1]
        return tuple(_bare(row) for row in inside)

    @property
    def data(self) -> bytes:
        """The bytes of the page as it is."""
        return _encoded("".join(self.rows), self.encoding)

    def replaced(self, lines: Sequence[str]) -> bytes:
        """The page with these lines as its section; without one it is put at the end."""
        if self.marks:
            before, after = self.rows[: self.marks.begin], self.rows[self.marks.end - 1 :]
            ending = _ENDING.search(self.rows[self.marks.begin - 1])
            end = ending[0] if ending else "\n"
            middle = [line + end for line in lines]
        else:
            before, after, middle = self.rows, (), self._appended(lines)
        return _encoded("".join((*before, *middle, *after)), self.encoding)

    def _appended(self, lines: Sequence[str]) -> list[str]:
        found = _ENDING.search("".join(self.rows[:1]))
        end = found[0] if found else "\n"
        last = self.rows[-1] if self.rows else ""
        close = "" if not last or _bare(last) != last else end
        gap = end if any(_bare(row) for row in self.rows) and _bare(last) else ""
        added = [BEGIN, *lines, END]
        return [close + gap, *(line + end for line in added)]


def opened(root: Path, name: str) -> MarkedFile:
    """The page of that path below a project, or a new one.

    Raises PreflightError for one that leads out of the project, is no text, or whose marks or
    encoding are such that nothing can be written without harm.
    """
    try:
        return _opened(root, name)
    except ReadError as error:
        place = f"{name}:{error.line}" if error.line else name
        raise PreflightError(f"{place}: {error.message}", error.hint) from None


def _opened(root: Path, name: str) -> MarkedFile:
    file = root / name
    refuse_outside(file, root)
    if not file.exists():
        _refuse_missing_folder(file, name)
        return MarkedFile(file, name, (), "utf-8", None, is_new=True)
    data, text, encoding = _read(file)
    rows = _split(text)
    bare = [_bare(row) for row in rows]
    page = MarkedFile(file.resolve(), name, rows, encoding, marks_of(bare))
    if page.data != data:
        raise ReadError("The file is in an encoding that would not be kept", "Write it as UTF-8.")
    if not page.marks and (line := open_code(bare)):
        hint = "End it, or put the marks of a section where it shall stand."
        raise ReadError("The code block that begins here has no end", hint, line)
    return page


def _read(file: Path) -> tuple[bytes, str, str]:
    """The bytes, the text and the encoding, in which the two orders of UTF-16 are told apart."""
    if not file.is_file():
        raise ReadError("This is not a regular file")
    data = read_bytes(file)
    text, encoding = decode(data)
    if "\0" in text:
        raise ReadError("The file holds NUL bytes, so it is not text")
    if len(text) > MAX_TEXT:
        raise ReadError("The file is larger than a page for people ever is")
    return data, text, _BIG_ENDIAN if data.startswith(codecs.BOM_UTF16_BE) else encoding


def _refuse_missing_folder(file: Path, name: str) -> None:
    if not file.parent.is_dir():
        raise PreflightError(f"There is no folder for {name}", "Make it first.")


def _split(text: str) -> tuple[str, ...]:
    """The rows with their endings, which may be of several kinds."""
    ends = [found.end() for found in _ENDING.finditer(text)]
    starts = [0, *ends]
    rows = [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]
    return tuple(row for row in rows if row)


def _bare(row: str) -> str:
    return row.rstrip("\r\n")


def _encoded(text: str, encoding: str) -> bytes:
    """The bytes; what an encoding does not have becomes a reference of HTML."""
    if encoding == _BIG_ENDIAN:
        return codecs.BOM_UTF16_BE + text.encode(encoding)
    if encoding == "utf-16":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return text.encode(encoding, "xmlcharrefreplace")
