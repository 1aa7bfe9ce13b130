"""Words and operators of a shell text, with their offsets, in linear time.

Source: POSIX.1-2024, Shell Command Language, 2.2 to 2.3, and the bash manual for what
bash adds. A quote that never closes is taken as a plain character, so that one stray
apostrophe does not swallow the rest of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from conda_preflight.pattern import lazy_pattern

_BLANK = lazy_pattern(r"[ \t\r\f\v\xa0]+")
_PLAIN = lazy_pattern(r"[^ \t\r\f\v\xa0\n\\'\"`$|&;()<>]+")
_COMMENT = lazy_pattern(r"#[^\n]*")
_OPERATOR = lazy_pattern(r"&&|\|\||;;&?|;&|\|&|<<<|<<-?|&>>?|[<>]&|>>|>\||<>|[|&;()<>\n]")
_DESCRIPTOR = lazy_pattern(r"\d{1,3}(?=[<>])")
_SPECIAL = lazy_pattern(r"\\.|\$\(|\$\{|[\"'`()}]", re.DOTALL)
_SPECIAL_ON_WINDOWS = lazy_pattern(r"`.|\$\(|\$\{|[\"'()}]", re.DOTALL)
_QUOTED_ESCAPE = lazy_pattern(r"\\(\n|[\"\\$`])")
_CLOSERS = {"$(": ")", "${": "}", '"': '"', "`": "`", "(": ")"}


class Token(NamedTuple):
    """A word without its quotes, or an operator, and where it stands in the text."""

    text: str
    start: int
    end: int
    operator: bool = False


class Lexer:
    """Reads a text token by token; ``at`` may be moved, as past a here-document."""

    def __init__(self, text: str, escape: str = "\\") -> None:
        self.text = text
        self.at = 0
        self._escape = escape
        self._special = _SPECIAL if escape == "\\" else _SPECIAL_ON_WINDOWS
        self._broken: set[str] = set()

    def tokens(self) -> Iterator[Token]:
        """The words and operators in order; comments and continuations are left out."""
        while self._skip_blanks():
            start = self.at
            found = _OPERATOR.match(self.text, start)
            if found:
                self.at = found.end()
                yield Token(found.group(), start, self.at, operator=True)
            elif not self._skip_descriptor():
                yield self._word()

    def _skip_blanks(self) -> bool:
        """To the next token; false at the end of the text."""
        text = self.text
        while self.at < len(text):
            found = _BLANK.match(text, self.at) or _COMMENT.match(text, self.at)
            if found:
                self.at = found.end()
            elif text.startswith(self._escape + "\n", self.at):
                self.at += 2
            else:
                return True
        return False

    def _skip_descriptor(self) -> bool:
        """Past the 2 of ``2>&1``, which belongs to the redirection."""
        found = _DESCRIPTOR.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found is not None

    def _word(self) -> Token:
        start = self.at
        parts: list[str] = []
        while self.at < len(self.text):
            part = self._plain() or self._part(self.text[self.at], parts)
            if part is None:
                break
            parts.append(part)
        return Token("".join(parts), start, self.at)

    def _plain(self) -> str | None:
        found = _PLAIN.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found.group() if found else None

    def _part(self, char: str, parts: list[str]) -> str | None:
        """The next part of a word that is more than plain characters; None ends the word."""
        if char == self._escape:
            return self._escaped()
        if char in "\"'":
            return self._quoted(char)
        if char == "$":
            return self._expansion()
        if char == "`":
            return self._balanced("`")
        if char == "(" and parts and parts[-1].endswith("="):
            return self._balanced("(")
        return self._take(1) if char == "\\" else None

    def _take(self, count: int) -> str:
        self.at += count
        return self.text[self.at - count : self.at]

    def _escaped(self) -> str:
        self.at += 1
        char = self.text[self.at : self.at + 1]
        self.at += len(char)
        return "" if char == "\n" else char

    def _quoted(self, quote: str) -> str:
        start = self.at + 1
        end = self._closing(start, quote)
        if end < 0:
            return self._take(1)
        self.at = end
        inner = self.text[start : end - 1]
        if quote == "'" or self._escape != "\\":
            return inner
        return unescaped(inner)

    def _expansion(self) -> str:
        """``$(...)`` and ``${...}`` as they are written; ``$'x'`` and ``$"x"`` as x."""
        following = self.text[self.at : self.at + 2]
        if following in _CLOSERS:
            return self._balanced(following)
        if following in ("$'", '$"'):
            self.at += 1
            return self._quoted(following[1])
        return self._take(1)

    def _balanced(self, opener: str) -> str:
        start = self.at
        end = self._closing(start + len(opener), _CLOSERS[opener])
        if end < 0:
            return self._take(len(opener))
        self.at = end
        return self.text[start:end]

    def _closing(self, start: int, closer: str) -> int:
        """Past the closer, or -1; a kind that once did not close is not looked for again."""
        if closer in self._broken:
            return -1
        end = self.text.find("'", start) + 1 if closer == "'" else self._nested(start, closer)
        if end <= 0:
            self._broken.add(closer)
            return -1
        return end

    def _nested(self, at: int, closer: str) -> int:
        stack = [closer]
        while stack:
            found = self._special.search(self.text, at)
            if found is None:
                return -1
            at, sign = found.end(), found.group()
            if sign == stack[-1]:
                stack.pop()
            elif sign == "'" and stack[-1] != '"':
                at = self.text.find("'", at) + 1
                if not at:
                    return -1
            elif sign in _CLOSERS and (sign != "(" or stack[-1] == ")"):
                stack.append(_CLOSERS[sign])
        return at


def unescaped(text: str) -> str:
    """What stands between double quotes, without the escapes that count there."""
    return _QUOTED_ESCAPE.sub(lambda found: found.group(1).strip("\n"), text)
