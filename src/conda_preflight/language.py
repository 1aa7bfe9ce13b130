"""Which language people are spoken to, and the words of reports in it.

English is in the code and needs no table; machine formats are always English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
VARIABLE = "CONDA_PREFLIGHT_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")
_TAGS = {ENGLISH: "en", "zh": "zh-Hans"}
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def of_environment(variables: Mapping[str, str]) -> str:
    """The language that the variables of a process ask for.

    CONDA_PREFLIGHT_LANG decides, else the first of LC_ALL, LC_MESSAGES and LANG that is set
    (POSIX.1-2017, 8.2): simplified Chinese is spoken to a Chinese locale, English to all others.
    """
    asked = variables.get(VARIABLE, "").lower()
    if asked in LANGUAGES:
        return asked
    locale = asked or next((variables[name] for name in _LOCALE if variables.get(name)), "")
    name = locale.lower().replace("-", "_").partition(".")[0].partition("@")[0]
    chinese = name.partition("_")[0] == "zh" and not name.startswith(_TRADITIONAL)
    return "zh" if chinese else ENGLISH


def spoken() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def tag() -> str:
    """Its tag for pages (BCP 47)."""
    return _TAGS[spoken()]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language within the block; raises ValueError for one that is not known."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not a language of messages")
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """Speak this language from now on, until an enclosing block of ``speaking`` ends."""
    _spoken.set(language)


def word(text: str) -> str:
    """A text of our own in the language that is spoken; what has no translation stays."""
    language = _spoken.get()
    return text if language == ENGLISH else _words(language).get(text, text)


def say(template: str, **holes: object) -> str:
    """The same for a text with named holes, which are filled."""
    return word(template).format(**holes)


@cache
def _words(language: str) -> dict[str, str]:
    return table(language, "frame")


def table(language: str, name: str) -> dict[str, Any]:
    """One file of a language's tables, empty where there is none."""
    import json
    from pathlib import Path

    file = Path(__file__).parent / "languages" / language / f"{name}.json"
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
