"""YAML as nodes with line and column, from libyaml's events, within limits.

Scalars keep their text as written (``3.10`` stays ``3.10``), because what a
version means is for conda to say, not for YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from conda_preflight.documents import DuplicateKey, Location
from conda_preflight.errors import ReadError

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where the wheel has it
MAX_DEPTH = 64
MAX_NODES = 2_000_000
MAX_ALIASED = 50_000
"""The values that all aliases together stand for; a reader visits each as if it were written."""


@dataclass(slots=True, eq=False)
class Scalar:
    """A text as written; ``plain`` is false when it is quoted; ``length`` covers the quotes."""

    text: str
    line: int
    column: int
    length: int
    plain: bool
    weight: int = 1

    @property
    def empty(self) -> bool:
        """True for nothing, ``~`` and ``null``."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True, eq=False)
class Seq:
    """A list of nodes."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)
    weight: int = 1


@dataclass(slots=True, eq=False)
class Map:
    """A mapping in file order; a key that stands twice is in ``pairs`` twice."""

    line: int
    column: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    weight: int = 1

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Pairs whose key is a scalar, with those of ``<<`` mappings where they are merged."""
        todo = [iter(self.pairs)]  # a stack, since merged mappings may merge others without end
        while todo:
            for key, value in todo[-1]:
                if isinstance(key, Scalar) and key.text == "<<" and isinstance(value, Map):
                    todo.append(iter(value.pairs))
                    break
                if isinstance(key, Scalar):
                    yield key, value
            else:
                todo.pop()

    def get(self, key: str) -> Node | None:
        """The value of the last pair with that key, as most parsers take it.

        What the mapping says itself counts more than what ``<<`` merges into it.
        """
        found = self._last(key)
        return found[1] if found else None

    def key(self, key: str) -> Scalar | None:
        """The last key node with that text."""
        found = self._last(key)
        return found[0] if found else None

    def _last(self, key: str) -> tuple[Scalar, Node] | None:
        own = [(k, v) for k, v in self.pairs if isinstance(k, Scalar) and k.text == key]
        found = own or [(k, v) for k, v in self.items() if k.text == key]
        return found[-1] if found else None

    def text(self, key: str) -> str:
        """The text of a scalar value, empty where there is none."""
        node = self.get(key)
        return node.text if isinstance(node, Scalar) and not node.empty else ""


Node: TypeAlias = Scalar | Seq | Map


@dataclass(slots=True, eq=False)
class Stream:
    """The documents of one YAML file; ``starts`` are their first lines."""

    documents: list[Node] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


def load(text: str) -> Stream:
    """All documents of a YAML text; raises ReadError with line and column."""
    builder = _Builder()
    try:
        loader = _LOADER(_with_plain_lines(text))
        try:
            while loader.check_event():
                builder.take(loader.get_event())
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _read_error(error, text) from None
    except (ValueError, UnicodeError) as error:
        raise ReadError(f"This is not YAML: {error}") from None
    return builder.stream


def _with_plain_lines(text: str) -> str:
    """YAML 1.1 breaks lines at three more characters, which editors and reports do not count."""
    if not text.isascii():
        for mark in "\x85\u2028\u2029":
            text = text.replace(mark, " ")
    return text


def locate(node: Node, path: str) -> Location:
    """The place of a node in a file."""
    return Location(path, node.line, node.column, node.length if isinstance(node, Scalar) else 0)


def duplicates(node: Node, path: str) -> list[DuplicateKey]:
    """Every mapping key that stands twice anywhere below a node, in file order."""
    found: list[DuplicateKey] = []
    seen: set[int] = set()
    todo: list[Node] = [node]
    while todo:
        here = todo.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Seq):
            todo.extend(here.items)
        elif isinstance(here, Map):
            found.extend(_repeated(here, path))
            todo.extend(value for _, value in here.pairs)
    return sorted(found, key=lambda d: (d.location.line, d.location.column))


def _repeated(node: Map, path: str) -> Iterator[DuplicateKey]:
    first: dict[str, Scalar] = {}
    for key, _ in node.pairs:
        if isinstance(key, Scalar) and key.text != "<<":
            if key.text in first:
                yield DuplicateKey(key.text, locate(key, path), locate(first[key.text], path))
            first.setdefault(key.text, key)


class _Builder:
    """Builds nodes from events without recursion, counting what aliases stand for."""

    def __init__(self) -> None:
        self.stream = Stream()
        self._open: list[Seq | Map] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0
        self._aliased = 0

    def take(self, event: Any) -> None:
        if isinstance(event, ScalarEvent):
            self._add(_scalar(event), event.anchor)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._start(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent):
            self._anchors = {}
            mark: Any = event.start_mark
            self.stream.starts.append(mark.line + 1)

    def _start(self, event: Any) -> None:
        mark = event.start_mark
        if len(self._open) >= MAX_DEPTH:
            raise ReadError(
                f"The YAML is nested deeper than {MAX_DEPTH} levels",
                "No environment file needs that; write it flat.",
                mark.line + 1,
                mark.column + 1,
            )
        kind = Map if isinstance(event, MappingStartEvent) else Seq
        node = kind(mark.line + 1, mark.column + 1)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._open.append(node)
        self._keys.append(None)

    def _end(self) -> None:
        node = self._open.pop()
        self._keys.pop()
        self._add(node, None)

    def _alias(self, event: Any) -> None:
        mark = event.start_mark
        node = self._anchors.get(event.anchor)
        if node is None or node in self._open:
            raise ReadError(
                f"The alias *{event.anchor} points at nothing that is complete here",
                "Define the anchor before its use.",
                mark.line + 1,
                mark.column + 1,
            )
        self._aliased += node.weight
        if self._aliased > MAX_ALIASED:
            raise ReadError(
                f"The aliases stand for more than {MAX_ALIASED} values",
                "Aliases inside aliases multiply; write the values out.",
                mark.line + 1,
                mark.column + 1,
            )
        self._add(node, None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        self._count += 1
        if self._count > MAX_NODES:
            raise ReadError(
                f"The YAML holds more than {MAX_NODES} values",
                "No environment file needs that many.",
                node.line,
                node.column,
            )
        if not self._open:
            self.stream.documents.append(node)
            return
        parent = self._open[-1]
        parent.weight += node.weight
        if isinstance(parent, Seq):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self._keys[-1] = None


def _scalar(event: Any) -> Scalar:
    start, end = event.start_mark, event.end_mark
    length = end.column - start.column if end.line == start.line else len(event.value)
    return Scalar(event.value, start.line + 1, start.column + 1, max(length, 0), not event.style)


def _read_error(error: yaml.YAMLError, text: str) -> ReadError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if mark is not None:
        return ReadError(f"This is not YAML: {problem}", "", mark.line + 1, mark.column + 1)
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
    return ReadError(f"This is not YAML: {problem}", "", line)
