"""Opens one file of a project as a Source, within limits, whatever it turns out to be."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from pathlib import Path

from conda_preflight.documents import Source
from conda_preflight.errors import ReadError

MAX_BYTES = 64 * 1024 * 1024


def open_source(file: Path, name: str, root: Path | None = None) -> Source:
    """The decoded file under the name that reports use.

    Raises ReadError when the file is missing, no regular file, too large, not text, or a
    link that leads out of ``root``.
    """
    if root is not None:
        refuse_outside(file, root)
    return source_of(read_bytes(file), name)


def source_of(data: bytes, name: str) -> Source:
    """The decoded bytes of a file under the name that reports use.

    Lines end with a line feed in ``text`` whatever the file uses. Raises ReadError for what
    is not text.
    """
    text, encoding = decode(data)
    newline = _newline(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if newline != "\n" else text
    if "\0" in plain:
        line = plain.count("\n", 0, plain.index("\0")) + 1
        raise ReadError("The file holds NUL bytes, so it is not text", line=line)
    digest = hashlib.sha256(data).hexdigest()
    return Source(name, plain, digest, len(data), encoding, newline, tuple(plain.split("\n")))


def refuse_outside(file: Path, root: Path) -> None:
    """Raise ReadError when links lead from the file out of the root."""
    try:
        inside = file.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        inside = False  # links in a circle lead nowhere
    if not inside:
        raise ReadError(
            "This is a link that leads out of the project",
            "Copy the file into the project, so that it is audited with it.",
        )


def read_bytes(file: Path) -> bytes:
    """The bytes of a regular file; a pipe or device is never waited for.

    Raises ReadError, also for more than MAX_BYTES.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            info = os.fstat(stream.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise ReadError("This is not a regular file")
            data = stream.read(min(info.st_size, MAX_BYTES) + 1)
            if len(data) > info.st_size:  # it has grown in the meantime, or tells no size
                data += stream.read(MAX_BYTES + 1 - len(data))
    except OSError as error:
        raise ReadError(f"The file cannot be opened: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise ReadError(f"The file is larger than {limit} MiB, which no environment file is")
    return data


def decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding, by byte-order mark, then by trying; raises ReadError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16"), "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig"), "utf-8-sig"
    if guess := _utf16_without_mark(data):
        return _strict(data, guess), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"The file says that it is {encoding}, and byte {error.start} is not"
        ) from None


def _utf16_without_mark(data: bytes) -> str:
    """Text in Latin letters has a NUL in every second byte of UTF-16."""
    sample = data[:512]
    if len(sample) % 2 or len(sample) < 4:  # noqa: PLR2004  (two characters)
        sample = sample[:-1]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and not sample[0::2].count(0):
        return "utf-16-le"
    if half and sample[0::2].count(0) > 0.7 * half and not sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _newline(text: str) -> str:
    at = text.find("\r")
    if at < 0:
        return "\n"
    return "\r\n" if text.startswith("\r\n", at) else "\r"
