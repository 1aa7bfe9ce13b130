"""The Python files of a project's directory, parsed within limits and never run."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from conda_preflight.documents import Location, Requirement
from conda_preflight.documents.code import Code
from conda_preflight.errors import ReadError
from conda_preflight.grammar import packaging_file, python_file
from conda_preflight.intake import MAX_FILES, walk
from conda_preflight.opening import read_bytes, refuse_outside

MAX_SOURCE = 1024 * 1024
MAX_NOTEBOOK = 32 * 1024 * 1024
MAX_ALL = 48 * 1024 * 1024
MAX_SOURCES = 6_000
"""Bounds in bytes of one file, of one notebook and of all, and of their number."""

IMPORTABLE = (".py", ".pyi", ".pyx", ".pyw", ".so", ".pyd", ".proto")
"""Files that are, or become, a module."""


def read(root: Path, exclude: Iterable[str] = ()) -> Code:
    """All Python files below a directory, those that are too large or too many told as unread."""
    reading = _Reading(root)
    names: list[str] = []
    for file, name in islice(walk(root, tuple(exclude)), MAX_FILES):
        if name.endswith(IMPORTABLE):
            names.append(name)
        if name.rpartition("/")[2] in packaging_file.NAMES:
            reading.take_packaging(file, name)
        if name.endswith(python_file.SUFFIXES):
            reading.take(file, name)
    reading.end()
    found = reading.files
    return Code(
        path=".",
        location=Location("."),
        imports=tuple(each for one in found for each in one.imports),
        uses=tuple(each for one in found for each in one.uses),
        files=tuple(names),
        read=reading.read,
        unread=tuple(each for one in found for each in one.unread),
        installs=tuple(each for one in found for each in one.installs),
        names=tuple(dict.fromkeys(reading.names)),
        requirements=tuple(reading.requirements),
        optional=tuple(reading.optional),
        open_ended=tuple(reading.open_ended),
    )


class _Reading:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._size, self._left_out = 0, 0
        self.read = 0
        self.files: list[python_file.PythonFile] = []
        self.names: list[str] = []
        self.requirements: list[Requirement] = []
        self.optional: list[Requirement] = []
        self.open_ended: list[str] = []

    def take(self, file: Path, name: str) -> None:
        """Look into one file, or count it where it is one too many."""
        if self.read >= MAX_SOURCES or self._size >= MAX_ALL:
            self._left_out += 1
            return
        try:
            data = self._bytes(file, MAX_NOTEBOOK if name.endswith(".ipynb") else MAX_SOURCE)
        except ReadError as error:
            self._tell(name, error)
            return
        self._size += len(data)
        found = python_file.read(data, name)
        self.read += 1
        self.files.append(found)

    def take_packaging(self, file: Path, name: str) -> None:
        """Take what a packaging file says; one that cannot be read may ask for anything."""
        try:
            text = self._bytes(file, MAX_SOURCE).decode("utf-8", "replace")
            found = packaging_file.read(text, name)
        except ReadError:
            self.open_ended.append(name)
            return
        self.names.extend(found.names)
        self.requirements.extend(found.requirements)
        self.optional.extend(found.optional)
        if not found.whole:
            self.open_ended.append(name)

    def end(self) -> None:
        """Say how many files were one too many."""
        if self._left_out:
            what = f"{self._left_out} more Python files were not looked at: they are too many"
            self._tell(".", ReadError(what))

    def _bytes(self, file: Path, most: int) -> bytes:
        refuse_outside(file, self._root)
        try:
            size = file.stat().st_size
        except OSError as error:
            raise ReadError(f"It cannot be opened: {error.strerror or error}") from None
        if size > most:
            raise ReadError(f"It is larger than {most // (1024 * 1024)} MiB")
        return read_bytes(file)

    def _tell(self, name: str, error: ReadError) -> None:
        told = python_file.unreadable(name, error)
        self.files.append(python_file.PythonFile(unread=(told,)))
