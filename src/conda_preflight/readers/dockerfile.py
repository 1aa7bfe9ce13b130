"""A Dockerfile or Containerfile: instructions by stage, and the commands that they run.

Source: the Dockerfile reference, with the BuildKit front end's here-documents and flags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from conda_preflight.documents import Command, Dockerfile, Instruction, Location, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.dockerfile_lines import Line, inner, lines_of, words_of
from conda_preflight.grammar.passage import Passage
from conda_preflight.grammar.shell import command_of, commands
from conda_preflight.grammar.working_folder import placed
from conda_preflight.pattern import lazy_pattern

MAX_TEXT = 1024 * 1024
_RUNS = frozenset(("RUN", "CMD", "ENTRYPOINT", "SHELL"))
_FROM = lazy_pattern(
    r"[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+AS[ \t]+\S+)?[ \t\\`]*", re.IGNORECASE
)
_ARG = lazy_pattern(r"[ \t]*ARG[ \t]+\w+(?:=.*)?", re.IGNORECASE)
_NO_DOCKERFILE = (".dockerignore", ".md", ".rst", ".py", ".sh", ".yml", ".yaml", ".json", ".toml")
_FLAGS = lazy_pattern(r"(?:--[a-z]{1,20}(?:=\S*)?[ \t]+)*")


def recognizes(source: Source) -> bool:
    """By the first instruction, which is FROM or ARG; a file of that name is one in any case."""
    base = source.path.rpartition("/")[2].lower()
    if base in ("dockerfile", "containerfile"):
        return True
    if base.endswith(_NO_DOCKERFILE):
        return False
    first = next((row for row in source.lines[:500] if _counts(row)), "")
    if _FROM.fullmatch(first):
        return True
    return bool(_ARG.fullmatch(first)) and any(_FROM.fullmatch(row) for row in source.lines[:500])


def _counts(row: str) -> bool:
    text = row.strip()
    return bool(text) and not text.startswith("#") and len(text) < 1000  # noqa: PLR2004


def read(source: Source) -> list[Dockerfile]:
    """One Dockerfile; raises ReadError where no FROM says what it is made of.

    A line that Docker would refuse is kept as an instruction with a keyword of its own.
    """
    if len(source.text) > MAX_TEXT:
        raise ReadError("This Dockerfile is larger than 1 MiB, which none needs to be")
    parsed = lines_of(source.path, source.lines)
    reading = _Reading(source.path, parsed.escape, [], [])
    for line in parsed.lines:
        reading.take(line)
    if not any(found.keyword == "FROM" for found in reading.instructions):
        raise ReadError("This Dockerfile has no FROM, so no image can be built of it")
    place = Location(source.path, 1, 1)
    return [Dockerfile(source.path, place, tuple(reading.instructions), tuple(reading.commands))]


@dataclass(slots=True, eq=False)
class _Reading:
    path: str
    escape: str
    instructions: list[Instruction]
    commands: list[Command]
    stage: int = -1

    def take(self, line: Line) -> None:
        self.stage += line.keyword == "FROM"
        place = Location(self.path, line.line, line.column, line.length)
        exec_form = _exec_form(line)
        shell_form = exec_form is None and line.keyword in _RUNS
        words = () if shell_form else exec_form or words_of(line.value, self.escape)
        self.instructions.append(
            Instruction(line.keyword, line.value.text, place, self.stage, words)
        )
        self.commands.extend(self._commands(line))

    def _commands(self, line: Line) -> Iterator[Command]:
        if line.keyword == "ONBUILD":
            nested = inner(line)
            if nested.keyword != "ONBUILD":
                yield from self._commands(nested)
        elif line.keyword in _RUNS:
            text = _without_flags(line.value)
            words = _exec_form(line)
            if words is None:
                yield from placed(commands(text, self.escape))
            else:
                end = len(text.text.partition("\n")[0])
                yield from command_of(words, text.location(0, end))


def _without_flags(value: Passage) -> Passage:
    """The value without ``--mount=...`` and other flags before the command."""
    found = _FLAGS.match(value.text)
    return value.cut(found.end(), len(value.text)) if found and found.end() else value


def _exec_form(line: Line) -> tuple[str, ...] | None:
    """The words of a JSON list; None where it is something else, which Docker gives a shell."""
    text = _without_flags(line.value).text.strip()
    if not text.startswith("["):
        return None
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return tuple(word.encode("utf-8", "replace").decode() for word in words)
