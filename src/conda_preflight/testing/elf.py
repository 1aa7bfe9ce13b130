"""Tiny ELF files for tests and examples: real enough for the loader and for readelf.

They are described line by line::

    soname libx.so.1
    needed liby.so.1
    runpath $ORIGIN
    needs libc.so.6 GLIBC_2.17
    defines X_1.0 X_2.0

Further words: ``rpath``, ``interpreter`` (the file is a program then), ``program``, ``abi``
(x86_64 unless it is aarch64, i386, ppc64le or s390x), ``stack executable`` or ``stack unsaid``,
``weak`` (as needs, and nobody minds when it is missing), ``build-id`` in hex, ``nodefaultlib``,
``module NAME`` (it has the entry of a Python module among its names).
A line with ``#`` is a comment. A program of x86_64 ends with exit code 0 when it is run.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import field

from conda_preflight.plain import document_type

_MACHINES = {
    "x86_64": (62, 64, "<"),
    "aarch64": (183, 64, "<"),
    "i386": (3, 32, "<"),
    "ppc64le": (21, 64, "<"),
    "s390x": (22, 64, ">"),
}
_LOAD, _DYNAMIC, _INTERPRETER, _NOTE, _HEADERS, _STACK = 1, 2, 3, 4, 6, 0x6474E551
_READ_WRITE, _EXECUTE = 6, 1
_EXIT = bytes.fromhex("31ffb83c0000000f05")
"""x86-64: ``exit(0)``."""

_ONE = ("soname", "interpreter", "abi", "stack", "build-id", "module")
_MANY = ("needed", "rpath", "runpath", "defines")
_VERSIONS = ("needs", "weak")
_MARKS = ("program", "nodefaultlib")


@document_type
class ElfText:
    """A description that was read: the values of its lines."""

    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    needs: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)


def make_elf(text: str) -> bytes:
    """The bytes of the file that the text describes; raises ValueError for an unknown line."""
    return _Writer(_read(text)).data()


def _read(text: str) -> ElfText:
    found = ElfText()
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            _take(found, words[0], words[1:])
    return found


def _take(found: ElfText, key: str, rest: list[str]) -> None:
    if key in _ONE and len(rest) == 1:
        found.one[key] = rest[0]
    elif key in _MARKS and not rest:
        found.one[key] = "yes"
    elif key in _MANY and rest:
        found.many.setdefault(key, []).extend(rest)
    elif key in _VERSIONS and len(rest) > 1:
        rows = found.needs.setdefault(rest[0], [])
        rows += [(name, key == "weak") for name in rest[1:]]
    else:
        raise ValueError(f"an ELF file cannot be described by {' '.join((key, *rest))!r}")


class _Writer:
    """Lays the parts of one file behind each other; addresses are offsets."""

    def __init__(self, text: ElfText) -> None:
        self._text = text
        self._machine, self._bits, self._order = _MACHINES[text.one.get("abi", "x86_64")]
        self._word = "Q" if self._bits == 64 else "I"  # noqa: PLR2004
        self._strings = bytearray(b"\0")
        self._parts = bytearray()
        wide = self._bits == 64  # noqa: PLR2004
        self._header_size, self._segment_size = (64, 56) if wide else (52, 32)
        self._segments: list[tuple[int, int, int, int]] = []
        self._start = self._header_size + 8 * self._segment_size

    def data(self) -> bytes:
        """The whole file."""
        one = self._text.one
        is_program = "interpreter" in one or "program" in one
        tags = self._tags(is_program=is_program)
        strings = self._add(bytes(self._strings))
        code = self._add(_EXIT) if is_program else 0
        self._notes(one)
        fixed = {
            5: strings,
            10: len(self._strings),
            6: self._add(self._symbol()),
            11: self._symbol_size,
        }
        fixed[4] = self._add(self._pack("IIIII", 1, 1, 0, 0, 0)[:16])
        rows = [*tags, *fixed.items(), (0, 0)]
        dynamic = b"".join(self._pack(2 * self._word, *row) for row in rows)
        self._segments.append((_DYNAMIC, _READ_WRITE, self._add(dynamic), len(dynamic)))
        if (stack := one.get("stack")) != "unsaid":
            flags = _READ_WRITE | (_EXECUTE if stack == "executable" else 0)
            self._segments.append((_STACK, flags, 0, 0))
        size = self._start + len(self._parts)
        flags = _READ_WRITE | (_EXECUTE if is_program else 0)
        self._segments.insert(0, (_LOAD, flags, 0, size))
        if is_program:  # without it the loader does not know where the kernel mapped the file
            table = (len(self._segments) + 1) * self._segment_size
            self._segments.insert(0, (_HEADERS, 4, self._header_size, table))
        head = self._head(code) + b"".join(self._segment(*row) for row in self._segments)
        return head.ljust(self._start, b"\0") + bytes(self._parts)

    def _tags(self, *, is_program: bool) -> list[tuple[int, int]]:
        one, many = self._text.one, self._text.many
        tags = [(1, self._name(name)) for name in many.get("needed", ())]
        tags += [(14, self._name(one["soname"]))] if "soname" in one else []
        for key, tag in (("rpath", 15), ("runpath", 29)):
            tags += [(tag, self._name(":".join(many[key])))] if key in many else []
        flags = 0x08000000 * is_program | 0x800 * ("nodefaultlib" in one)
        tags += [(0x6FFFFFFB, flags)] if flags else []
        needs, defines = self._text.needs, many.get("defines", [])
        if needs:
            tags += [(0x6FFFFFFE, self._add(self._needs(needs))), (0x6FFFFFFF, len(needs))]
        if defines:
            names = [one.get("soname", "this"), *defines]
            tags += [(0x6FFFFFFC, self._add(self._defines(names))), (0x6FFFFFFD, len(names))]
        tags += [(0x6FFFFFF0, self._add(b"\0\0"))] if needs or defines else []
        if "module" in one:
            self._name(f"PyInit_{one['module']}")
        return tags

    def _needs(self, needs: Mapping[str, list[tuple[str, bool]]]) -> bytes:
        data, index = b"", 2
        for place, (file, names) in enumerate(needs.items()):
            last = place == len(needs) - 1
            step = 0 if last else 16 * (1 + len(names))
            data += self._pack("HHIII", 1, len(names), self._name(file), 16, step)
            for at, (name, weak) in enumerate(names):
                step = 16 if at < len(names) - 1 else 0
                data += self._pack("IHHII", _hash(name), 2 * weak, index, self._name(name), step)
                index += 1
        return data

    def _defines(self, names: Iterable[str]) -> bytes:
        rows = list(names)
        data = b""
        for at, name in enumerate(rows):
            step = 28 if at < len(rows) - 1 else 0
            data += self._pack("HHHHIII", 1, int(at == 0), at + 1, 1, _hash(name), 20, step)
            data += self._pack("II", self._name(name), 0)
        return data

    def _notes(self, one: Mapping[str, str]) -> None:
        if "interpreter" in one:
            data = one["interpreter"].encode() + b"\0"
            self._segments.append((_INTERPRETER, 4, self._add(data), len(data)))
        if "build-id" in one:
            number = bytes.fromhex(one["build-id"])
            data = self._pack("III", 4, len(number), 3) + b"GNU\0" + number
            self._segments.append((_NOTE, 4, self._add(data), len(data)))

    @property
    def _symbol_size(self) -> int:
        return 24 if self._bits == 64 else 16  # noqa: PLR2004

    def _symbol(self) -> bytes:
        return bytes(self._symbol_size)

    def _name(self, text: str) -> int:
        data = text.encode() + b"\0"
        at = bytes(self._strings).find(b"\0" + data)
        if at >= 0:
            return at + 1
        self._strings += data
        return len(self._strings) - len(data)

    def _add(self, data: bytes) -> int:
        at = self._start + len(self._parts)
        self._parts += data + b"\0" * (-len(data) % 8)
        return at

    def _pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self._order + form, *values)

    def _head(self, entry: int) -> bytes:
        ident = b"\x7fELF" + bytes((self._bits // 32, 1 if self._order == "<" else 2, 1))
        head = self._pack("HHI", 3, self._machine, 1)
        head += self._pack(3 * self._word, entry, self._header_size, 0)
        sizes = (0, self._header_size, self._segment_size, len(self._segments), 0, 0, 0)
        return ident.ljust(16, b"\0") + head + self._pack("IHHHHHH", *sizes)

    def _segment(self, kind: int, flags: int, at: int, size: int) -> bytes:
        align = 0x1000 if kind == _LOAD else 4 if kind == _NOTE else 8
        if self._bits == 64:  # noqa: PLR2004
            return self._pack("IIQQQQQQ", kind, flags, at, at, at, size, size, align)
        return self._pack("IIIIIIII", kind, at, at, at, size, size, flags, align)


def _hash(name: str) -> int:
    """The hash of System V, which the loader compares before the name."""
    value = 0
    for byte in name.encode():
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high & 0xFFFFFFFF
    return value
