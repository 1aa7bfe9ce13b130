"""TOML with the place of each key and value: values by tomllib, places by a light scanner.

Source of the grammar: TOML 1.0. The scanner accepts more than TOML does and stops where
it understands nothing; what is wrong there is for tomllib to say.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import accumulate
from typing import Any, NoReturn, TypeAlias

from conda_preflight.documents import Location
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_TEXT = 2 * 1024 * 1024
MAX_DEPTH = 64
Path: TypeAlias = tuple[str | int, ...]

_SKIP = lazy_pattern(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BLANKS = lazy_pattern(r"[ \t]*+")
_KEY = lazy_pattern(r"[A-Za-z0-9_-]++|\"(?:[^\"\\\n]++|\\.)*+\"|'[^'\n]*+'")
_SCALAR = lazy_pattern(
    r"\"\"\"(?:[^\"\\]++|\\.|\"{1,2}(?!\"))*+\"{3,5}"
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r"|\"(?:[^\"\\\n]++|\\.)*+\"|'[^'\n]*+'"
    r"|[^\s,\]}#\"'\[{=]++(?: [0-9][^\s,\]}#]*+)?",
    re.DOTALL,
)
_PLACE = lazy_pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@document_type
class Tree:
    """The values of a file, and where they stand.

    A path holds keys and, in arrays, indexes that count from 0. ``keys`` and ``values`` are
    offsets in the text; a table with a header of its own has no value there.
    """

    root: dict[str, Any]
    keys: dict[Path, tuple[int, int]]
    values: dict[Path, tuple[int, int]]
    starts: tuple[int, ...]

    def get(self, *path: str | int) -> Any:  # noqa: ANN401  (a value of TOML is of any type)
        """The value at a path, None where there is none."""
        found: Any = self.root
        for step in path:
            known = isinstance(found, dict) and step in found
            if not known and not (isinstance(found, list) and _within(step, found)):
                return None
            found = found[step]
        return found

    def table(self, *path: str | int) -> dict[str, Any]:
        """The table at a path, empty where there is none."""
        found = self.get(*path)
        return found if isinstance(found, dict) else {}

    def place(self, file: str, *path: str | int) -> Location:
        """Where a key stands, up to the end of its value, or an element, or what is around it."""
        for length in range(len(path), 0, -1):
            key, value = self.keys.get(path[:length]), self.values.get(path[:length])
            if key or value:
                begin, end = key or value or (0, 0)
                return self._location(file, begin, max(end, value[1] if value else 0))
        return Location(file, 1, 1)

    def value_place(self, file: str, *path: str | int) -> Location:
        """Where a value stands, with its quotes; the place of its key where it has none."""
        value = self.values.get(path)
        return self._location(file, *value) if value else self.place(file, *path)

    def _location(self, file: str, begin: int, end: int) -> Location:
        line = bisect_right(self.starts, begin)
        start = self.starts[line - 1]
        stop = self.starts[line] - 1 if line < len(self.starts) else end
        return Location(file, line, begin - start + 1, max(min(end, stop) - begin, 0))


def load(text: str) -> Tree:
    """The tree of a TOML text; raises ReadError with line and column."""
    if len(text) > MAX_TEXT:
        raise ReadError("This TOML file is larger than 2 MiB, which no manifest is")
    starts = tuple(accumulate((len(row) + 1 for row in text.split("\n")[:-1]), initial=0))
    scanner = _Scanner(text, starts)
    scanner.scan()
    return Tree(_values(text, starts), scanner.keys, scanner.values, starts)


def _values(text: str, starts: tuple[int, ...]) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ReadError(f"The TOML is nested deeper than {MAX_DEPTH} levels", _FLAT) from None
    except (ValueError, OverflowError) as error:
        message = str(error)
        found = _PLACE.search(message)
        line, column = (int(n or 0) for n in found.groups()) if found else (0, 0)
        if found and not line:
            line = len(starts)
        raise ReadError(
            f"This is not TOML: {_PLACE.sub('', message)[:200]}", "", line, column
        ) from None


_FLAT = "No manifest needs that; write it flat."


def _within(step: str | int, items: list[Any]) -> bool:
    return isinstance(step, int) and 0 <= step < len(items)


class _Stop(Exception):  # noqa: N818  (a signal, not an error)
    """The scanner is at the end, or at something that is no TOML."""


class _Scanner:
    def __init__(self, text: str, starts: tuple[int, ...]) -> None:
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self._text = text
        self._starts = starts
        self._at = 1 if text.startswith("\ufeff") else 0
        self._counts: dict[Path, int] = {}

    def scan(self) -> None:
        table: Path = ()
        try:
            while True:
                self._skip(_SKIP)
                if self._take("["):
                    table = self._header()
                else:
                    self._pair(table, 0)
        except _Stop:
            return

    def _header(self) -> Path:
        several = self._take("[")
        table: Path = ()
        parts = self._key()
        for number, (part, place) in enumerate(parts, 1):
            table = (*table, part)
            last = number == len(parts)
            self.keys.setdefault(table, place)
            if several and last:
                self._counts[table] = self._counts.get(table, -1) + 1
            if table in self._counts:
                table = (*table, self._counts[table])
                self.keys.setdefault(table, place)
        self._expect("]")
        if several:
            self._expect("]")
        return table

    def _pair(self, table: Path, depth: int) -> None:
        path = table
        for part, place in self._key():
            path = (*path, part)
            self.keys.setdefault(path, place)
        self._expect("=")
        self._skip(_BLANKS)
        self._value(path, depth)

    def _key(self) -> list[tuple[str, tuple[int, int]]]:
        """The parts of a dotted key with their places."""
        parts: list[tuple[str, tuple[int, int]]] = []
        while True:
            self._skip(_BLANKS)
            found = _KEY.match(self._text, self._at)
            if found is None:
                raise _Stop
            if len(parts) >= MAX_DEPTH:
                self._refuse()
            parts.append((_unquoted(found.group()), found.span()))
            self._at = found.end()
            self._skip(_BLANKS)
            if not self._take("."):
                return parts

    def _value(self, path: Path, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._refuse()
        begin = self._at
        if self._take("["):
            self._array(path, depth + 1)
        elif self._take("{"):
            self._inline(path, depth + 1)
        else:
            found = _SCALAR.match(self._text, self._at)
            if found is None:
                raise _Stop
            self._at = found.end()
        self.values[path] = (begin, self._at)

    def _array(self, path: Path, depth: int) -> None:
        index = 0
        self._skip(_SKIP)
        while not self._take("]"):
            self._value((*path, index), depth)
            index += 1
            self._skip(_SKIP)
            comma = self._take(",")
            self._skip(_SKIP)
            if not comma and not self._text.startswith("]", self._at):
                raise _Stop

    def _inline(self, path: Path, depth: int) -> None:
        self._skip(_SKIP)
        while not self._take("}"):
            self._pair(path, depth)
            self._skip(_SKIP)
            comma = self._take(",")
            self._skip(_SKIP)
            if not comma and not self._text.startswith("}", self._at):
                raise _Stop

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, sign: str) -> bool:
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise _Stop

    def _refuse(self) -> NoReturn:
        line = bisect_right(self._starts, self._at)
        column = self._at - self._starts[line - 1] + 1
        message = f"The TOML is nested deeper than {MAX_DEPTH} levels"
        raise ReadError(message, _FLAT, line, column)


def _unquoted(text: str) -> str:
    if text[0] == "'":
        return text[1:-1]
    if text[0] != '"' or "\\" not in text:
        return text.strip('"')
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
