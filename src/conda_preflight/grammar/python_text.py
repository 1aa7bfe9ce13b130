"""The text of a Python file from its bytes, and its syntax tree; nothing of it is run.

Sources: PEP 263 (the encoding comment), PEP 3120 (UTF-8 without one) and the documentation of
Python's ``ast``.
"""

from __future__ import annotations

import codecs
import warnings
from typing import TYPE_CHECKING

from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern

if TYPE_CHECKING:
    import ast

_COMMENT = lazy_pattern(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = lazy_pattern(r"[ \t\f]*(?:#.*)?$")
_UTF8 = ("utf-8", "utf8", "u8")
_TABLES = ("iso8859", "iso-8859", "latin", "cp", "koi8", "mac", "ascii", "us-ascii", "windows-")
_MULTIBYTE = ("big5", "euc", "gb", "shift", "sjis", "johab", "hz", "iso2022", "iso-2022", "utf-7")
_TOO_DEEP = "Its expressions are nested too deeply to be read"


def decode(data: bytes) -> str:
    """The text of a source file with line feeds; raises ReadError where Python would refuse it.

    Only encodings that take linear time are decoded, so that no comment can make this slow.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReadError("It is UTF-16, which Python does not read")
    marked = data.startswith(codecs.BOM_UTF8)
    plain = data[len(codecs.BOM_UTF8) :] if marked else data
    encoding = _declared(plain) or "utf-8"
    try:
        text = plain.decode("utf-8" if marked else _known(encoding))
    except (UnicodeError, LookupError) as error:
        at = plain.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1
        raise ReadError(
            f"It is not {encoding}, which its first lines or Python say", line=at
        ) from (None)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, first_line: int = 1) -> ast.Module:
    """The syntax tree of a source text; raises ReadError, with the line, where there is none."""
    import ast

    if "\0" in text:
        raise ReadError("It holds NUL bytes", line=text.count("\n", 0, text.index("\0")) + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the audited text, not about us
            return ast.parse(text)
    except SyntaxError as error:
        line = max(1, error.lineno or 1) + first_line - 1
        what = " ".join(str(error.msg).split())[:120]
        raise ReadError(f"It is no Python that this program reads: {what}", line=line) from None
    except (RecursionError, MemoryError):
        raise ReadError(_TOO_DEEP) from None
    except ValueError:
        raise ReadError("It holds characters that no text can have") from None


def _declared(data: bytes) -> str:
    """The encoding that one of the first two lines names, in lower case."""
    for row in data[:1000].split(b"\n", 2)[:2]:
        line = row.decode("latin-1").rstrip("\r")
        found = _COMMENT.match(line)
        if found:
            return found[1].lower().replace("_", "-")[:40]
        if not _BLANK.match(line):
            return ""
    return ""


def _known(encoding: str) -> str:
    """The name for Python's decoder; raises LookupError for what is no encoding of text."""
    if encoding.startswith(_UTF8):
        return "utf-8"
    if not encoding.startswith((*_TABLES, *_MULTIBYTE)):
        raise LookupError(encoding)
    return encoding
