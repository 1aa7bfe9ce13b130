"""Where a line of text may end.

Between words, and in Chinese also between characters: not before what closes and not after what
opens (UAX #14, classes CL, EX, NS and OP).
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.language import ENGLISH, spoken
from conda_preflight.pattern import lazy_pattern

_NOT_FIRST = "\u3001\u3002\uff0c\uff1b\uff1a\uff1f\uff01\uff09\u300b\u300d\u300f\u3011\u2026\u201d"
_NOT_LAST = "\uff08\u300a\u300c\u300e\u3010\u201c"
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
_PIECE = lazy_pattern(
    f"[{_NOT_LAST}]*"
    f"(?:[^{_WIDE}{_NOT_FIRST}{_NOT_LAST}]+|(?![{_NOT_FIRST}{_NOT_LAST}])[{_WIDE}])?"
    f"[{_NOT_FIRST}]*"
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """What stays together on a line, each with the space that parts it from the one before.

    English keeps words of other scripts whole, so that they can be copied.
    """
    for word in text.split(" "):
        space = " "
        parts = [word] if word.isascii() or spoken() == ENGLISH else _PIECE.findall(word)
        for part in filter(None, parts) if word else [""]:
            yield space, part
            space = ""
