"""Text of audited files made safe to show: nothing hidden, nothing that acts.

Source of the classes: Unicode Standard, chapter 23 (special areas and format characters)
and UTS #39; ``str.isprintable`` covers controls, surrogates, bidi and zero-width format
characters, unusual spaces, private-use and unassigned code points.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern

MAX_TEXT = 2_000
_MAX_MARKS = 3
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATION = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_INVISIBLE = _BLANK | frozenset(map(chr, _VARIATION))
_QUOTED = lazy_pattern(r"`([^`]+)`")
_RUNNER_COMMAND = lazy_pattern(r"##(?=\w*\[)")


def visible(text: str, limit: int = MAX_TEXT, *, unicode: bool = True) -> str:
    """One line that shows each hidden or acting character as a backslash escape.

    Text beyond ``limit`` characters is cut; without ``unicode`` the result is ASCII.
    """
    if len(text) > limit:
        left_out = len(text) - limit
        text = text[:limit]
        return f"{visible(text, limit, unicode=unicode)} ... ({left_out} more characters)"
    if text.isascii() and text.isprintable():
        return text
    return "".join(pieces(text, unicode=unicode))


def pieces(text: str, *, unicode: bool = True) -> Iterator[str]:
    """Each character as it is, or escaped where it could not be seen or would act.

    A tall stack of combining marks paints over other lines: the rest of it is escaped.
    """
    marks = 0
    for character in text:
        if character.isascii():
            marks = 0
            yield character if character.isprintable() else escaped(character)
            continue
        marks = marks + 1 if _is_mark(character) else 0
        seen = unicode and character.isprintable() and character not in _INVISIBLE
        yield character if seen and marks <= _MAX_MARKS else escaped(character)


def escaped(character: str) -> str:
    r"""One character in ASCII: ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0001``."""
    return character.encode("unicode_escape").decode("ascii")


def _is_mark(character: str) -> bool:
    import unicodedata

    return unicodedata.category(character)[0] == "M"


def unacting(line: str) -> str:
    """A whole line of a log that a CI runner cannot take for a command.

    Runners obey lines that begin with ``::`` and any ``##[...]`` or ``##vso[...]``.
    """
    bare = line.lstrip()
    if bare.startswith("::"):
        line = line[: len(line) - len(bare)] + r"\x3a" + bare[1:]
    return _RUNNER_COMMAND.sub(r"#\\x23", line)


def markup(text: str, limit: int = MAX_TEXT) -> str:
    """Visible text for HTML and XML, also between quotes.

    What XML 1.0 forbids (controls, surrogates, U+FFFE) is no longer in it.
    """
    shown_text = visible(text, limit).replace("&", "&amp;").replace("<", "&lt;")
    return shown_text.replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")


def with_code(text: str) -> str:
    """A sentence of a report for HTML: what stands between backticks is code."""
    return _QUOTED.sub(r"<code>\1</code>", markup(text))
