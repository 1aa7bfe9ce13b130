"""The texts that rules say, as templates, read from the code and not run.

A template is a text in which ``{0}``, ``{1}`` ... stand for what is put in. What can be one of
several constants is told as several templates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from conda_preflight.translation import choices
from docs.text_values import HOLE, SOURCES, Module, module_of, texts_of

_HOLES = re.compile("\0+")
_TORN = re.compile(r"^ | $|(?:^|\s)[=,]|,\.|``|\{\}|that $|(?:^|[^.])\.\.$")
"""What a text has that is none: a part of it is said in another case only."""
_OF_RULES = {"Skip": {"reason": 0}, "Problem": {"message": 1, "fix": 3, "group": 7, "row": 8}}
_OF_FRAMES = {"word": 0, "say": 0, "number": 1}
_ERRORS = ("PreflightError", "UsageError", "ReadError", "WriteError")
_OF_ERRORS = {name: {"message": 0, "hint": 1} for name in _ERRORS}
_COMMANDS = ("conda-preflight ", "chmod ", "pip install ")
Places = Mapping[str, Mapping[str, int]]
"""Which arguments of which calls are said: their names and places."""


def of_rules() -> dict[str, tuple[str, ...]]:
    """The templates of each module with one rule, by rule id, the title not among them."""
    found = {}
    for file in sorted((SOURCES / "conda_preflight" / "checks").rglob("*.py")):
        if file.stem != "__init__":
            family, name = file.parent.name, file.stem.replace("_", "-")
            found[f"{family}/{name}"] = of_module(file)
    return found


def of_others() -> tuple[str, ...]:
    """The templates of problems and of reasons to skip that other modules make for rules."""
    folder = SOURCES / "conda_preflight"
    files = (f for f in sorted(folder.rglob("*.py")) if f.relative_to(folder).parts[0] != "checks")
    return tuple(dict.fromkeys(text for file in files for text in of_module(file)))


def of_errors() -> tuple[str, ...]:
    """The templates of errors and their hints."""
    files = sorted((SOURCES / "conda_preflight").rglob("*.py"))
    return tuple(dict.fromkeys(text for file in files for text in of_module(file, _OF_ERRORS)))


def of_module(file: Path, places: Places = _OF_RULES) -> tuple[str, ...]:
    """The templates of one module, in their order, each once."""
    if not any(f"{name}(" in file.read_text(encoding="utf-8") for name in places):
        return ()
    module = module_of(file)
    texts = (text for node in module.nodes for text in _said(node, module, places))
    whole = (text for text in texts if is_words(text) and not _TORN.search(text))
    return tuple(dict.fromkeys(map(numbered, whole)))


def said_words(file: Path) -> Iterator[str]:
    """What a module gives to ``word``, ``say`` and ``number``, as far as it can be told."""
    module = module_of(file)
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            place = _OF_FRAMES.get(name)
            for each in node.args[place : place + 1] if place is not None else ():
                for text in sorted(texts_of(each, module)):
                    yield from _spelled(name, text) if HOLE not in text else ()


def _spelled(function: str, text: str) -> Iterator[str]:
    if function == "number":
        yield from (f"{{count}} {text}", f"{{count}} {text}s")
    else:
        yield from choices(text)


def numbered(text: str) -> str:
    """The template with its holes counted from 0; what meets is one hole."""
    first, *rest = _HOLES.split(text)
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(rest))


def is_words(text: str) -> bool:
    """Whether there is anything to translate: a letter outside quotes, and it is no command."""
    said = not text.startswith(_COMMANDS)
    return said and any(c.isalpha() for part in text.split("`")[::2] for c in part)


def _said(node: ast.AST, module: Module, places: Places) -> Iterator[str]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    for name, place in places.get(node.func.id, {}).items():
        given = [k.value for k in node.keywords if k.arg == name]
        given += node.args[place : place + 1]
        for each in given[:1]:
            yield from sorted(texts_of(each, module))
