"""How one input becomes the next: libFuzzer's ways, and two in which a text goes wrong.

libFuzzer alone seldom puts a digit of another script in the very place where a number is
read, nor one whole line of a text in another.
"""

from __future__ import annotations

import random
import re

_ODD = tuple(sign.encode() for sign in "²٣½İſ\u2028\x85\xa0\u200b\ufeff\0\t 0")
_OF_FORM = (rb"\d", rb"\d", rb"[A-Za-z]", rb"[ \t]", rb"[^\w\s]", rb"\n")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """The next input: two times in three libFuzzer's, else a piece moved or a sign made odd."""
    import atheris

    chance = random.Random(seed)  # noqa: S311
    way = chance.choice((None, None, None, None, _moved, _odd))
    return bytes(way(data, chance) if way else atheris.Mutate(data, max_size))[:max_size]


def stretched(data: bytes, size: int, chance: random.Random) -> bytes:
    """The input with one of its pieces repeated until it has that many bytes."""
    begin, end = _piece(data, chance)
    piece = data[begin:end] or b" "
    return data[:begin] + piece * ((size - len(data)) // len(piece) + 1) + data[end:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    begin, end = _piece(data, chance)
    at = chance.randint(0, len(data))
    return data[:at] + data[begin:end] + data[at:]


def _odd(data: bytes, chance: random.Random) -> bytes:
    """A character of some kind is replaced by one that few programs think of."""
    places = [found.start() for found in re.finditer(chance.choice(_OF_FORM), data)]
    at = chance.choice(places) if places else len(data)
    return data[:at] + chance.choice(_ODD) + data[at + 1 :]


def _piece(data: bytes, chance: random.Random) -> tuple[int, int]:
    """A line, or a few bytes; never the first byte, which chooses the name."""
    at = chance.randint(1, max(len(data), 1))
    if chance.random() < 0.3:  # noqa: PLR2004
        end = data.find(b"\n", at)
        return max(data.rfind(b"\n", 0, at) + 1, 1), end + 1 if end >= 0 else len(data)
    return at, at + chance.choice((1, 1, 1, 1, 2, 3, 8, 40))
