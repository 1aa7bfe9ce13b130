"""ELF files as the dynamic loader reads them: segments, dynamic section, symbol versions.

Pure and bounded: it reads a few places of a file, whatever its size, through a function.
Sources: System V ABI (https://refspecs.linuxfoundation.org/elf/gabi4+/), the Linux Standard
Base on symbol versions and PT_GNU_STACK (https://refspecs.linuxfoundation.org/LSB_5.0.0/).
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents.libraries import SharedObject
from conda_preflight.grammar.elf_image import MAGIC, Image, Read, Segment, broken
from conda_preflight.grammar.elf_versions import definitions, needs

__all__ = ["MAGIC", "parse"]

MAX_TAGS = 16_384
MAX_NEEDED = 2_000
MAX_FOLDERS = 500
MAX_NAMES = 1_000_000
"""Bytes of names that are searched for a module's entry, which stands near the begin."""
MAX_NOTES = 64
_EXECUTABLE, _SHARED = 2, 3
_DYNAMIC, _INTERPRETER, _NOTE, _STACK = 2, 3, 4, 0x6474E551
_NEEDED, _STRINGS, _STRINGS_SIZE, _SONAME, _RPATH, _RUNPATH = 1, 5, 10, 14, 15, 29
_FLAGS_1, _NODEFLIB, _PIE = 0x6FFFFFFB, 0x800, 0x08000000
_VERNEED, _VERNEED_COUNT = 0x6FFFFFFE, 0x6FFFFFFF
_VERDEF, _VERDEF_COUNT = 0x6FFFFFFC, 0x6FFFFFFD
_BUILD_ID, _MAX_BUILD_ID = 3, 64
_ABIS = {
    (3, 32, "<"): "i386",
    (62, 64, "<"): "x86_64",
    (62, 32, "<"): "x32",
    (183, 64, "<"): "aarch64",
    (40, 32, "<"): "arm",
    (21, 64, "<"): "ppc64le",
    (21, 64, ">"): "ppc64",
    (22, 64, ">"): "s390x",
    (243, 64, "<"): "riscv64",
    (258, 64, "<"): "loongarch64",
}


def parse(read: Read, size: int, path: str) -> SharedObject | None:
    """The object in a file of that size, None where it is none that a loader maps.

    Object files and core dumps are such; raises ReadError for an ELF file that is broken.
    """
    if read(0, 4) != MAGIC:
        return None
    image = Image(read, size)
    if image.kind not in (_EXECUTABLE, _SHARED):
        return None
    return _Dynamic(image).object(path, size)


class _Dynamic:
    """The dynamic section of one image: values by tag, and where its texts are."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._needed: list[int] = []
        self._tags: dict[int, int] = {}
        segment = next((s for s in image.segments if s.kind == _DYNAMIC), None)
        if segment is not None:
            self._take(segment)
        self._strings = image.offset(self._tags[_STRINGS]) if _STRINGS in self._tags else -1

    def _take(self, segment: Segment) -> None:
        form, each = ("QQ", 16) if self._image.bits == 64 else ("II", 8)  # noqa: PLR2004
        if segment.size // each > MAX_TAGS:
            raise broken(f"its dynamic section has more than {MAX_TAGS} entries")
        start = self._image.offset(segment.address)
        for at in range(start, start + segment.size - each + 1, each):
            tag, value = self._image.numbers(form, at)
            if tag == 0:
                return
            if tag == _NEEDED:
                self._needed.append(value)
                if len(self._needed) > MAX_NEEDED:
                    raise broken(f"it needs more than {MAX_NEEDED} libraries")
            else:
                self._tags[tag] = value

    def object(self, path: str, size: int) -> SharedObject:
        tags, image = self._tags, self._image
        interpreter = next((s for s in image.segments if s.kind == _INTERPRETER), None)
        flags = tags.get(_FLAGS_1, 0)
        soname = self._text(tags.get(_SONAME))
        started = image.kind == _EXECUTABLE or bool(flags & _PIE)
        return SharedObject(
            path=path,
            abi=_abi(image),
            size=size,
            soname=soname,
            needed=tuple(map(self._text, self._needed)),
            # A loader ignores the RPATH of a file that has a RUNPATH too.
            rpath=() if _RUNPATH in tags else self._folders(_RPATH),
            runpath=self._folders(_RUNPATH),
            needs=self._needs(),
            defines=self._defines(),
            interpreter=image.text(interpreter.offset) if interpreter else "",
            build_id=_build_id(image),
            executable_stack=_stack(image),
            is_program=started or (interpreter is not None and not soname),
            searches_defaults=not flags & _NODEFLIB,
            is_module=self._has_entry(path.rpartition("/")[2].partition(".")[0]),
        )

    def _has_entry(self, name: str) -> bool:
        """Whether ``PyInit_NAME`` is among the names of symbols; ``lib...`` is not looked for."""
        if name.startswith("lib"):
            return False
        size = min(self._tags.get(_STRINGS_SIZE, 0), MAX_NAMES)
        word = f"\0PyInit_{name}\0".encode("utf-8", "replace")
        return self._strings >= 0 and self._image.holds(word, self._strings, size)

    def _text(self, value: int | None) -> str:
        if value is None:
            return ""
        if self._strings < 0:
            raise broken("it has no table of names")
        return self._image.text(self._strings + value)

    def _folders(self, tag: int) -> tuple[str, ...]:
        found = self._text(self._tags.get(tag))
        folders = tuple(found.split(":")) if found else ()
        if len(folders) > MAX_FOLDERS:
            raise broken(f"it names more than {MAX_FOLDERS} folders")
        return folders

    def _needs(self) -> dict[str, tuple[str, ...]]:
        if _VERNEED not in self._tags:
            return {}
        start = self._image.offset(self._tags[_VERNEED])
        return needs(self._image, start, self._tags.get(_VERNEED_COUNT, 0), self._text)

    def _defines(self) -> frozenset[str]:
        if _VERDEF not in self._tags:
            return frozenset()
        start = self._image.offset(self._tags[_VERDEF])
        count = self._tags.get(_VERDEF_COUNT, 0)
        return frozenset(definitions(self._image, start, count, self._text))


def _abi(image: Image) -> str:
    key = (image.machine, image.bits, image.order)
    return _ABIS.get(key, f"machine {image.machine}, {image.bits} bits, {image.order}")


def _stack(image: Image) -> bool | None:
    flags = next((s.flags for s in image.segments if s.kind == _STACK), None)
    return None if flags is None else bool(flags & 1)


def _build_id(image: Image) -> str:
    for segment in image.segments:
        if segment.kind == _NOTE:
            for kind, name, at, length in _notes(image, segment):
                if kind == _BUILD_ID and name == b"GNU\0" and length <= _MAX_BUILD_ID:
                    return image.data(at, length).hex()
    return ""


def _notes(image: Image, segment: Segment) -> Iterator[tuple[int, bytes, int, int]]:
    """Kind, name, and offset and length of the content of each note of a segment."""
    at, end = segment.offset, segment.offset + segment.size
    for _ in range(MAX_NOTES):
        if at + 16 > end:
            return
        name_length, length, kind = image.numbers("III", at)
        content = at + 12 + (name_length + 3) // 4 * 4
        yield kind, image.data(at + 12, min(name_length, 4)), content, length
        at = content + (length + 3) // 4 * 4
