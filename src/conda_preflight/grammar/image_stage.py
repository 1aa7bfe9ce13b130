"""The stages of a Dockerfile, and the files that each has at each of its instructions.

Source: the Dockerfile reference (FROM, COPY, ADD, WORKDIR, RUN --mount).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from conda_preflight.documents import Command, Dockerfile, Instruction
from conda_preflight.grammar.working_folder import UNKNOWN, joined
from conda_preflight.grammar.written_file import base, is_plain
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_STAGES = 200
"""Stages that are looked at; a Dockerfile that people keep has fewer."""

MAX_PATH = 4096
"""Characters of a path that count; source: PATH_MAX of Linux."""

_BIND = lazy_pattern(r"--mount=(\S{0,500}type=bind\S{0,500})")
_ARCHIVE = lazy_pattern(r"\.(?:tar|tgz|zip|gz|xz|bz2)\b")
_FETCHES = lazy_pattern(r"\b(?:git|svn|hg|tar|unzip|rsync|scp|aws|gsutil|gh|dvc)[ \t]")


@document_type
class Stage:
    """One FROM: the image it names, the stage that it goes on from, the image at the root.

    ``trunk`` is the number of the first stage that it grew from, its own where it is that.
    """

    number: int
    image: str
    parent: int | None
    root: str
    trunk: int


def stages(dockerfile: Dockerfile) -> tuple[Stage, ...]:
    """The stages in order, at most MAX_STAGES; arguments in image names stay as written."""
    found: list[Stage] = []
    names: dict[str, int] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword != "FROM" or len(found) >= MAX_STAGES:
            continue
        words = [word for word in instruction.words if not word.startswith("--")]
        image = words[0] if words else ""
        parent = names.get(image.lower())
        root = image if parent is None else found[parent].root
        trunk = len(found) if parent is None else found[parent].trunk
        found.append(Stage(len(found), image, parent, root, trunk))
        if len(words) > 2 and words[1].lower() == "as":  # noqa: PLR2004  (image AS name)
            names[words[2].lower()] = found[-1].number
    return tuple(found)


def by_instruction(
    dockerfile: Dockerfile,
) -> Iterator[tuple[Instruction, tuple[Command, ...]]]:
    """Each instruction with the commands that stand in it."""
    commands = list(reversed(dockerfile.commands))
    starts = [instruction.location.line for instruction in dockerfile.instructions]
    for instruction, after in zip(dockerfile.instructions, [*starts[1:], None], strict=True):
        inside: list[Command] = []
        while commands and (after is None or commands[-1].location.line < after):
            inside.append(commands.pop())
        yield instruction, tuple(inside)


@dataclass(slots=True)
class Supply:
    """What one stage holds: base names, folders that were copied whole, or maybe anything.

    ``origins`` maps each path in the image to the path that was copied there, the later
    last; ``made`` are names that a RUN may have written.
    """

    workdir: str = ""
    anything: bool = False
    names: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    origins: dict[str, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)

    def after(self) -> Supply:
        """The supply that a stage begins with which goes on from this one."""
        return Supply(self.workdir, self.anything, {*self.names}, {*self.folders}, {**self.origins})

    def holds(self, written: str, folder: str = "") -> bool:
        """Whether a file may be there; in doubt it is. ``folder`` is the command's."""
        name, path = base(written), joined(folder, written)
        if self.anything or name in self.made or self._in_folder(path):
            return True
        there = [at for at in self.origins if base(at) == name]
        sure = there and all(at.startswith("/") for at in there)
        place = self._at(path)
        if sure and place.startswith("/") and path != UNKNOWN:
            return place in there
        return name in self.names

    def original(self, written: str, folder: str = "") -> str:
        """The path in the build context that one in the image was copied from.

        The path as written where nothing says what it was copied from.
        """
        if not is_plain(written):
            return written
        place = self._at(joined(folder, written))
        rest = ""
        while place not in self.origins and place not in ("", "/"):
            place, name = posixpath.split(place)
            rest = posixpath.join(name, rest) if rest else name
        if place in self.origins:
            return posixpath.join(self.origins[place], rest) if rest else self.origins[place]
        same = (at for at in reversed(self.origins) if base(at) == base(written))
        return next((self.origins[at] for at in same), written)

    def take(self, instruction: Instruction) -> None:
        """Learn what an instruction brings."""
        if instruction.keyword == "WORKDIR":
            self.workdir = self._at("".join(instruction.words[:1]))
        elif instruction.keyword in ("COPY", "ADD"):
            self._copy(instruction)
        elif instruction.keyword == "RUN":
            self._run(instruction.value)

    def _copy(self, instruction: Instruction) -> None:
        operands = [word for word in instruction.words if not word.startswith("--")]
        sources, target = operands[:-1], "".join(operands[-1:])
        flags = instruction.value[:400]
        if "--from=" in flags or not sources or any(map(_is_archive, sources)):
            self.anything = True
            return
        self._bring(sources, target)

    def _bring(self, sources: Sequence[str], target: str) -> None:
        for source in sources:
            if source.startswith("<<"):
                self.names.add(base(target))
            elif not is_plain(source):
                self.anything = True
            elif _is_folder(source):
                self._folder(target)
                self._came(target, source)
            else:
                self.names.update((base(source), base(target)))
                into = len(sources) > 1 or target.endswith("/") or _is_folder(target)
                self._came(posixpath.join(target, base(source)) if into else target, source)

    def _came(self, target: str, source: str) -> None:
        place = self._at(target) if is_plain(target) else target.lstrip("/")
        self.origins.pop(place, None)
        self.origins[place] = source.lstrip("/")

    def _folder(self, target: str) -> None:
        place = self._at(target)
        if not is_plain(target) or not place.startswith("/"):
            self.anything = True
        self.folders.add(place)

    def _run(self, value: str) -> None:
        for mount in _BIND.findall(value):
            keys = dict(pair.partition("=")[::2] for pair in mount.split(","))
            source = keys.get("source") or keys.get("src") or "."
            target = keys.get("target") or keys.get("dst") or keys.get("destination") or "/"
            if "from" in keys:
                self.anything = True
            else:
                self._bring([source], target)
        if _FETCHES.search(value):
            self.anything = True

    def _at(self, path: str) -> str:
        whole = posixpath.join(self.workdir, path) if path else self.workdir
        place = posixpath.normpath(whole[:MAX_PATH]) if whole else ""
        return "" if place == "." else place

    def _in_folder(self, written: str) -> bool:
        place = self._at(written)
        if not place.startswith("/"):
            return bool(self.folders)
        while place != "/":
            place = posixpath.dirname(place)
            if place in self.folders:
                return True
        return False


def _is_folder(source: str) -> bool:
    name = base(source)
    return source.endswith("/") or name in ("", ".", "..") or "." not in name.lstrip(".")


def _is_archive(source: str) -> bool:
    return "://" in source or bool(_ARCHIVE.search(source))
