"""What a ``.dockerignore`` leaves out of a build.

Sources: https://docs.docker.com/build/concepts/context/#dockerignore-files and the matcher of
Docker and BuildKit, https://github.com/moby/patternmatcher. Two stars inside of a name count as
one, which is all that differs from it.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Sequence

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_PATTERNS = 10_000
_ANY = "**"
_STARS = lazy_pattern(r"\*{2,}")
_ESCAPED = lazy_pattern(r"\\(.)")


@document_type
class Pattern:
    """One line: ``parts`` match the names of a path, None stands for any number of folders."""

    is_exception: bool
    parts: tuple[re.Pattern[str] | None, ...]


def patterns(text: str) -> tuple[Pattern, ...]:
    """The lines of a file in their order; comments, blanks and what cannot match are left out."""
    lines = text.removeprefix("\ufeff").splitlines()[:MAX_PATTERNS]
    found = (_pattern(line.strip()) for line in lines if not line.startswith("#"))
    return tuple(pattern for pattern in found if pattern)


def is_ignored(path: str, ignored: Sequence[Pattern]) -> bool:
    """Whether a path is left out: the last line that matches it, or a folder above, decides."""
    names, out = path.split("/"), False
    for pattern in ignored:
        if pattern.is_exception == out and _matches(pattern, names):
            out = not pattern.is_exception
    return out


def _pattern(line: str) -> Pattern | None:
    is_exception = line.startswith("!")
    text = line.removeprefix("!").strip()
    if not text:
        return None
    names = [n for n in posixpath.normpath(text).split("/") if n]
    return Pattern(is_exception, tuple(map(_name, names))) if names != ["."] else None


def _name(text: str) -> re.Pattern[str] | None:
    """A name with wildcards; ``fnmatch`` makes expressions that do not go back."""
    if text == _ANY:
        return None
    plain = _ESCAPED.sub(lambda m: f"[{m[1]}]", _STARS.sub("*", text)).replace("[^", "[!")
    return re.compile(fnmatch.translate(plain))


def _matches(pattern: Pattern, names: Sequence[str]) -> bool:
    """Whether a pattern matches a path or a folder that leads to it."""
    end = len(pattern.parts)
    places = _through({0}, pattern)
    for name in names:
        here = set()
        for place in places - {end}:
            part = pattern.parts[place]
            if part is None:
                here.add(place)
                here |= {end} if place + 1 == end else set()
            elif part.match(name):
                here.add(place + 1)
        places = _through(here, pattern)
        if end in places:
            return True
    return False


def _through(places: set[int], pattern: Pattern) -> set[int]:
    """The places with those that any number of folders leads to, which may be none."""
    found = set(places)
    for number, part in enumerate(pattern.parts[:-1]):
        if part is None and number in found:
            found.add(number + 1)
    return found
