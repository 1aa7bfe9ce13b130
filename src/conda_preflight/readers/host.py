"""The fact sheet of a target: JSON with the schema ``conda-preflight/host/1``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NoReturn

from conda_preflight.documents import (
    GPU,
    Document,
    DuplicateKey,
    Host,
    Layout,
    Location,
    Name,
    Source,
    Trial,
)
from conda_preflight.documents.host import HOST_SCHEMA, MAX_FACT, UNLIMITED
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern

SCHEMA = HOST_SCHEMA
SYSTEMS = ("linux", "darwin", "windows")
MAX_GPUS = 1024
MAX_TEXT = 256
MAX_SHEET = 1_000_000
MAX_REMARKS = 50
MAX_NODE = 4000
"""Facts of a running machine, and of one trial."""
MAX_TRIALS = 500
_WORDS = ("name", "arch", "archspec", "container")
_VERSIONS = ("glibc", "kernel", "driver", "cuda")
_NUMBERS = ("shm_mib", "memlock_kib")
KEYS = frozenset(("schema", "os", "gpus", "node", "trials", *_WORDS, *_VERSIONS, *_NUMBERS))
GPU_KEYS = frozenset(("name", "capability", "memory_mib"))
TRIAL_KEYS = frozenset(("step", "status", "detail", "facts"))
_ALL_KEYS = KEYS | GPU_KEYS | TRIAL_KEYS
STATUSES = ("passed", "failed", "crashed", "hung", "not-installed", "not-tried")
_VERSION = lazy_pattern(r"\d{1,9}(?:\.\d{1,9})*(?:[-+._~a-zA-Z][\w.+~-]*)?")
_CAPABILITY = lazy_pattern(r"\d{1,2}\.\d[a-z]?|gfx[0-9a-f]{3,5}")
_FACT = lazy_pattern(r"[A-Za-z0-9_.:@/+-]{1,128}")
_MARK = lazy_pattern(r'"schema"\s{0,20}:\s{0,20}"conda-preflight/host/')


class _Pairs(dict[str, object]):
    """A JSON object that remembers which keys stood twice."""

    twice: tuple[str, ...] = ()


def recognizes(source: Source) -> bool:
    """A JSON object that states the schema of a fact sheet."""
    head = source.text[:100_000].lstrip()
    return head.startswith("{") and bool(_MARK.search(head))


def read(source: Source) -> list[Document]:
    """One Host, and a Layout with doubled and unknown keys; raises ReadError.

    What is left out or null is unknown. A sheet without ``schema`` is read as version 1.
    """
    return _Sheet(source).documents()


def read_line(text: str, path: str, line: int) -> Host:
    """The Host of one sheet among others, each on a line of its own; raises ReadError.

    One without a name is called by its place. A key that no sheet has is refused.
    """
    try:
        sheet = _Sheet(Source(path, text, "", len(text), "utf-8", "\n", (text,)), line)
        found = sheet.host()
    except ReadError as error:
        raise ReadError(error.message, error.hint, line, error.column) from None
    if unknown := next(iter(sheet.unknown), None):
        raise ReadError(f"{_shown(unknown[0])!r} is no fact of a sheet", "", line, 1)
    return found if found.name else replace(found, name=f"{path}:{line}")


class _Sheet:
    """One fact sheet while it is read; it knows where each key stands."""

    def __init__(self, source: Source, line: int = 1) -> None:
        self._source, self._line = source, line
        self._facts = _object(source)
        self._repeated: list[str] = list(self._facts.twice)
        self.unknown = [(key, key) for key in self._facts if key not in KEYS]

    def documents(self) -> list[Document]:
        host = self.host()
        return [host, self._layout()]

    def host(self) -> Host:
        schema = self._facts.get("schema", SCHEMA)
        if schema != SCHEMA:
            self._wrong("schema", f'"{SCHEMA}", the only one that this version reads')
        system = self._text(self._facts, "os")
        if system and system not in SYSTEMS:
            self._wrong("os", '"linux", "darwin" or "windows"')
        name, arch, archspec, container = (self._text(self._facts, key) for key in _WORDS)
        glibc, kernel, driver, cuda = (self._version(key) for key in _VERSIONS)
        shm, memlock = (self._number(self._facts, key) for key in _NUMBERS)
        return Host(
            path=self._source.path,
            location=Location(self._source.path, self._line, 1),
            name=name,
            os=system,
            arch=arch,
            glibc=glibc,
            kernel=kernel,
            driver=driver,
            cuda=cuda,
            gpus=self._gpus(),
            archspec=archspec,
            shm_mib=shm,
            memlock_kib=memlock,
            container=container,
            node=self._named(self._facts, "node"),
            trials=tuple(self._trials()),
        )

    def _gpus(self) -> tuple[GPU, ...] | None:
        found = self._facts.get("gpus")
        if found is None:
            return None
        if not isinstance(found, list) or len(found) > MAX_GPUS:
            self._wrong("gpus", f"a list of at most {MAX_GPUS} objects, [] where there is none")
        return tuple(self._gpu(item, at) for at, item in enumerate(found))

    def _gpu(self, item: object, at: int) -> GPU:
        if not isinstance(item, _Pairs):
            self._wrong("gpus", 'a list of objects such as {"name": "NVIDIA A100"}')
        self._repeated.extend(item.twice)
        self.unknown.extend((f"gpus[{at}].{key}", key) for key in item if key not in GPU_KEYS)
        capability = self._text(item, "capability")
        if capability and not _CAPABILITY.fullmatch(capability):
            self._wrong("capability", 'a text such as "8.0"')
        memory = self._number(item, "memory_mib")
        return GPU(self._text(item, "name"), capability, memory or 0)

    def _trials(self) -> Iterator[Trial]:
        found = self._facts.get("trials")
        if found is None:
            return
        if not isinstance(found, list) or len(found) > MAX_TRIALS:
            self._wrong("trials", f"a list of at most {MAX_TRIALS} objects")
        for at, item in enumerate(found):
            if not isinstance(item, _Pairs):
                self._wrong("trials", 'a list of objects such as {"step": "torch.import"}')
            self._repeated.extend(item.twice)
            self.unknown.extend((f"trials[{at}].{k}", k) for k in item if k not in TRIAL_KEYS)
            status = self._text(item, "status")
            if status not in STATUSES:
                self._wrong("status", f"one of {', '.join(STATUSES)}")
            detail, facts = self._text(item, "detail", MAX_FACT), self._named(item, "facts")
            yield Trial(self._text(item, "step"), status, detail, facts)

    def _named(self, facts: Mapping[str, object], key: str) -> tuple[tuple[str, str], ...]:
        """An object of names and texts, in the order of the names."""
        found = facts.get(key)
        if found is None:
            return ()
        if not isinstance(found, _Pairs) or len(found) > MAX_NODE:
            self._wrong(key, f"an object of at most {MAX_NODE} names and texts")
        self._repeated.extend(found.twice)
        wrong = [name for name in found if not _FACT.fullmatch(name)]
        if wrong:
            self._wrong(key, f"an object of plain names, and {_shown(wrong[0])[:64]!r} is none")
        return tuple(
            sorted(
                (name, self._text(found, name, MAX_FACT))
                for name in found
                if found[name] is not None
            )
        )

    def _text(self, facts: Mapping[str, object], key: str, limit: int = MAX_TEXT) -> str:
        found = facts.get(key)
        if found is None:
            return ""
        if not isinstance(found, str) or len(found) > limit or not found.isprintable():
            self._wrong(key, f"a text in quotes of at most {limit} characters")
        return found.strip()

    def _version(self, key: str) -> str:
        found = self._text(self._facts, key)
        if found and not _VERSION.fullmatch(found):
            self._wrong(key, 'a version in quotes, such as "12.4"')
        return found

    def _number(self, facts: Mapping[str, object], key: str) -> int | None:
        found = facts.get(key)
        if found is None:
            return None
        if found == "unlimited":
            return UNLIMITED
        if type(found) is not int or not 0 <= found <= UNLIMITED:
            self._wrong(key, "a whole number, not negative and without quotes")
        return found

    def _wrong(self, key: str, wanted: str) -> NoReturn:
        place = self._place(key)
        hint = "Leave it out where it is not known."
        raise ReadError(f"`{key}` must be {wanted}", hint, place.line, place.column)

    def _place(self, key: str, nth: int = 0) -> Location:
        places = [found.start() for found in self._mentions(key)]
        start = places[min(nth, len(places) - 1)] if places else 0
        line = self._source.text.count("\n", 0, start) + 1
        column = start - (self._source.text.rfind("\n", 0, start) + 1) + 1
        return Location(self._source.path, line, column, len(key) + 2 if places else 0)

    def _mentions(self, key: str) -> Iterator[re.Match[str]]:
        return re.finditer(rf'"{re.escape(key)}"(?=\s*:)', self._source.text)

    def _layout(self) -> Layout:
        repeated = (
            DuplicateKey(_shown(key), self._place(key, 1), self._place(key))
            for key in self._repeated[:MAX_REMARKS]
        )
        unknown = (Name(_shown(text), self._place(key)) for text, key in self.unknown[:MAX_REMARKS])
        path = self._source.path
        return Layout(path, "host", tuple(repeated), unknown=tuple(unknown), known=_ALL_KEYS)


def _shown(key: str) -> str:
    """A key without halves of surrogate pairs, which JSON allows and no report can hold."""
    return key[:MAX_TEXT].encode("utf-8", "replace").decode()


def _object(source: Source) -> _Pairs:
    if len(source.text) > MAX_SHEET:
        raise ReadError(f"The file is longer than {MAX_SHEET} characters, which no fact sheet is")
    try:
        found = json.loads(source.text, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ReadError(f"This is not JSON: {error.msg}", "", error.lineno, error.colno) from None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else error
        raise ReadError(f"This is not a fact sheet: {reason}") from None
    if not isinstance(found, _Pairs):
        raise ReadError("A fact sheet is one JSON object", f'Begin with {{"schema": "{SCHEMA}"', 1)
    return found


def _pairs(pairs: list[tuple[str, object]]) -> _Pairs:
    found = _Pairs(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.twice = tuple(key for key in found if counts[key] > 1)
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
