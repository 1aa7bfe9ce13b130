"""pip's options as they stand on a line of a requirements file.

Source of the tables: pip's documentation, "Requirements File Format".
"""

from __future__ import annotations

from conda_preflight.plain import value_type

WITH_VALUE = {
    "--index-url": "-i",
    "--pypi-url": "",
    "--extra-index-url": "",
    "--find-links": "-f",
    "--requirement": "-r",
    "--constraint": "-c",
    "--editable": "-e",
    "--no-binary": "",
    "--only-binary": "",
    "--trusted-host": "",
    "--use-feature": "",
    "--hash": "",
    "--global-option": "",
    "--config-settings": "-C",
    "--install-option": "",
}
"""Long options that take a value, with their short form."""
FLAGS = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
BESIDE_A_REQUIREMENT = ("--hash", "--global-option", "--config-settings", "--install-option")
_LONG = (*WITH_VALUE, *FLAGS)
_SHORT = {short: long for long, short in WITH_VALUE.items() if short}
_COMMAND_ONLY_WITH_VALUE = ("--target", "-t", "--prefix", "--root", "--python", "--timeout")


@value_type
class Option:
    """One option: ``name`` is the long form where pip knows it; ``known`` says whether it does."""

    name: str
    value: str
    known: bool
    missing: bool = False


def options(text: str) -> tuple[Option, ...]:
    """The options of a line in order; words that belong to none are left out, as pip does."""
    words = split(text)
    found = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.startswith("-") and len(word) > 1:
            name, value, wants = _take(word)
            missing = wants and at >= len(words)
            if wants and not missing:
                value = words[at]
                at += 1
            found.append(Option(name, value, name in _LONG, missing))
    return tuple(found)


def split(text: str) -> list[str]:
    """Words as a shell separates them; an unclosed quote ends with the text."""
    words: list[str] = []
    word: list[str] = []
    begun, quote = False, ""
    for char in text:
        if char == quote:
            quote = ""
        elif quote or not (char.isspace() or char in "'\""):
            word.append(char)
            begun = True
        elif char.isspace():
            words.extend(["".join(word)] if begun else [])
            word, begun = [], False
        else:
            quote, begun = char, True
    return [*words, "".join(word)] if begun else words


def _take(word: str) -> tuple[str, str, bool]:
    """Name, value and whether the next word is the value."""
    if word.startswith("--"):
        head, equals, value = word.partition("=")
        name = _unabbreviated(head)
        wants = name in WITH_VALUE or name in _COMMAND_ONLY_WITH_VALUE
        return name, value, wants and not equals
    name = _SHORT.get(word[:2], word[:2] if word[:2] in _COMMAND_ONLY_WITH_VALUE else word)
    wants = name in WITH_VALUE or name in _COMMAND_ONLY_WITH_VALUE
    return name, word[2:].removeprefix("=") if wants else "", wants and len(word) == len("-r")


def _unabbreviated(head: str) -> str:
    """The one long option that begins so; pip takes every unique beginning."""
    if head in _LONG:
        return head
    fits = [long for long in _LONG if long.startswith(head)]
    return fits[0] if len(fits) == 1 else head
