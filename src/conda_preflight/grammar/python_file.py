"""One file of Python, a module or a notebook: what it imports, uses and installs."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Command, Location, Unreadable
from conda_preflight.documents.code import Import, Use
from conda_preflight.errors import ReadError
from conda_preflight.grammar import notebook, python_text
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.passage import passage_of
from conda_preflight.grammar.python_scan import Scan
from conda_preflight.grammar.shell import commands
from conda_preflight.plain import document_type

SUFFIXES = (".py", ".ipynb", ".pyw")
_HINT = "If it is no code of the project, leave it out with `exclude` in the settings."


@document_type
class PythonFile:
    """What one file holds; ``unread`` are the file or those of its cells that do not parse."""

    imports: tuple[Import, ...] = ()
    uses: tuple[Use, ...] = ()
    installs: tuple[Command, ...] = ()
    unread: tuple[Unreadable, ...] = ()


def read(data: bytes, path: str) -> PythonFile:
    """The content of a file with one of the SUFFIXES; whatever the bytes, it raises nothing."""
    try:
        text = python_text.decode(data)
        return _notebook(text, path) if path.endswith(".ipynb") else _module(text, path)
    except ReadError as error:
        return PythonFile(unread=(unreadable(path, error),))


def unreadable(path: str, error: ReadError, cell: int = 0) -> Unreadable:
    """What is said about a file, or a cell of it, that is not looked at."""
    where = f"Cell {cell}: " if cell else ""
    place = Location(path, error.line or 1, error.column)
    return Unreadable(path, f"{where}{error.message}", error.hint or _HINT, place)


def _module(text: str, path: str) -> PythonFile:
    scan = Scan()
    scan.take(python_text.parse(text), text, lambda line, column: Location(path, line, column))
    return _made(scan)


def _notebook(text: str, path: str) -> PythonFile:
    scan = Scan()
    unread: list[Unreadable] = []
    installs: list[Command] = []
    for cell in notebook.cells(text):
        installs.extend(_installs(cell, path))
        try:
            _take(scan, cell, path)
        except ReadError as error:
            unread.append(unreadable(path, error, cell.number))
    return _made(scan, tuple(installs), tuple(unread))


def _take(scan: Scan, cell: notebook.Cell, path: str) -> None:
    """The cell as written where that is Python, else without its magics."""

    def place(line: int, column: int) -> Location:
        return Location(path, cell.at(line), 0 if cell.spread else column)

    try:
        tree, text = python_text.parse(cell.raw), cell.raw
    except ReadError:
        try:
            tree, text = python_text.parse(cell.text), cell.text
        except ReadError as error:
            raise ReadError(error.message, line=cell.at(error.line or 1)) from None
    scan.take(tree, text, place, cell.number)


def _installs(cell: notebook.Cell, path: str) -> Iterator[Command]:
    for row, written in cell.commands:
        for command in commands(passage_of(path, written, cell.at(row))):
            step = install_of(command)
            if step and step.action in ("install", "update", "create"):
                yield command


def _made(
    scan: Scan, installs: tuple[Command, ...] = (), unread: tuple[Unreadable, ...] = ()
) -> PythonFile:
    found = sorted(scan.found(), key=lambda each: (each.location.line, each.location.column))
    return PythonFile(
        tuple(each for each in found if isinstance(each, Import)),
        tuple(each for each in found if isinstance(each, Use)),
        installs,
        unread,
    )
