"""Symbol versions of an ELF file: those it needs of others, and those it defines.

Source: Linux Standard Base 5.0, symbol versioning
(https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conda_preflight.grammar.elf_image import Image, broken

MAX_VERSIONS = 20_000
_BASE, _WEAK = 1, 2
_Text = Callable[[int], str]


def needs(image: Image, start: int, count: int, text: _Text) -> dict[str, tuple[str, ...]]:
    """The versions that must be defined, by the file that must define them; weak ones left out."""
    found: dict[str, list[str]] = {}
    total = 0
    for at in _chain(image, "HHIII", start, count):
        _, inner, file, first, _ = image.numbers("HHIII", at)
        total += inner
        if total > MAX_VERSIONS:
            raise _too_many()
        names = found.setdefault(text(file), [])
        for entry in _chain(image, "IHHII", at + first, inner):
            _, flags, _, name, _ = image.numbers("IHHII", entry)
            if not flags & _WEAK:
                names.append(text(name))
    return {name: tuple(versions) for name, versions in found.items()}


def definitions(image: Image, start: int, count: int, text: _Text) -> Iterator[str]:
    """The versions that a library defines, without its own name."""
    for at in _chain(image, "HHHHIII", start, count):
        _, flags, _, _, _, first, _ = image.numbers("HHHHIII", at)
        if not flags & _BASE:
            (name,) = image.numbers("I", at + first)
            yield text(name)


def _chain(image: Image, form: str, start: int, count: int) -> Iterator[int]:
    """The offsets of linked entries, whose last number is the way to the next one."""
    if count > MAX_VERSIONS:
        raise _too_many()
    at = start
    for _ in range(count):
        yield at
        step = image.numbers(form, at)[-1]
        if not step:
            return
        at += step


def _too_many() -> Exception:
    return broken(f"it lists more than {MAX_VERSIONS} symbol versions")
