"""Which environments a file makes and which it works in, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from conda_preflight.documents import (
    Command,
    Dockerfile,
    Instruction,
    Location,
    Script,
    Workload,
)
from conda_preflight.facts.base_images import has_only_base
from conda_preflight.grammar.ci_jobs import SHARED
from conda_preflight.grammar.image_install import may_make, steps
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.written_file import base
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type, value_type

BASE = frozenset(("base", "root"))

_CONDAS = frozenset(("conda", "mamba", "micromamba", "conda-lock"))
_NAME = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}")
_IN_ENVS = lazy_pattern(r"(?:^|/)envs/([^/]+)(?:/|$)")
_ACTIVATES = lazy_pattern(r"\b(?:conda|mamba|source) activate ([A-Za-z0-9_][A-Za-z0-9_.-]{0,100})")
_ON_PATH = lazy_pattern(r"(?<!\.pixi)/envs/([A-Za-z0-9_][A-Za-z0-9_.-]{0,100})/bin\b")
_DEFAULT = lazy_pattern(r"\bCONDA_DEFAULT_ENV[= ]\"?([A-Za-z0-9_][A-Za-z0-9_.-]{0,100})\"?(?=\s|$)")
_INSTALLS = lazy_pattern(r"conda|mamba|env|setup|install|bootstrap", re.IGNORECASE)
_MOVES = frozenset(("mv", "ln", "cp", "tar", "rsync"))


@value_type
class Made:
    """An environment that is made: its name, empty where the files say it, and these files.

    ``known`` is false where the name holds a variable; ``job`` and ``folder`` are those of
    the command, in an image ``files`` are those of the build context.
    """

    name: str
    files: tuple[str, ...]
    location: Location
    known: bool = True
    job: str = ""
    folder: str = ""


@value_type
class Used:
    """An environment that is worked in, by its name; ``job`` is that of the command."""

    name: str
    location: Location
    job: str = ""


@document_type
class Environments:
    """All of one file, or of one job and what it shares with the others.

    ``opaque`` is true where something else may make environments too; ``pixi`` are the
    environments of the project's own pixi manifest that are used.
    """

    made: tuple[Made, ...]
    used: tuple[Used, ...]
    opaque: bool
    pixi: tuple[Used, ...] = ()


def name_of(written: str) -> str:
    """The name in ``-n X`` or ``-p /opt/conda/envs/X``; another path stays one; "" if unknown."""
    text = written.strip().rstrip("/")
    inside = _IN_ENVS.search(text)
    name = inside[1] if inside else text
    plain = _NAME.fullmatch(name) or (name.startswith(("/", "./")) and not set(name) & set("$<{%"))
    return name if plain else ""


def in_image(dockerfile: Dockerfile) -> Environments:
    """The environments of a Dockerfile, those of its ENV, SHELL and CMD too."""
    original = {
        id(install.location): tuple(step.supply.original(f, install.folder) for f in install.files)
        for step in steps(dockerfile)
        for install in step.installs
    }
    installs = [found for command in dockerfile.commands if (found := install_of(command))]
    made = [_made(i, original.get(id(i.location))) for i in installs if _makes(i)]
    used = [*_used(installs), *_in_values(dockerfile.instructions)]
    opaque = any(map(_is_opaque, dockerfile.commands)) or any(
        i.keyword in ("COPY", "ADD") and "envs" in i.value for i in dockerfile.instructions
    )
    return Environments(tuple(made), tuple(used), opaque, tuple(_pixi(installs)))


def in_script(script: Script) -> Environments:
    """The environments of a script, a CI file or a page for people."""
    return _of_commands(script.commands, _is_installer if script.kind == "readme" else _is_opaque)


def in_user(script: Script) -> Environments:
    """As in_script, where only programs that by their name make environments are opaque."""
    return _of_commands(script.commands, _is_installer)


def in_workload(workload: Workload) -> Environments:
    """The environments that containers work in, by command, PATH and variables."""
    every = workload.containers
    found = _of_commands([command for c in every for command in c.commands], _is_setup)
    used = list(found.used)
    for container in every:
        for word in container.words:
            used += [Used(at[1].rstrip("."), word.location) for at in _ON_PATH.finditer(word.text)]
        for name, value in container.variables:
            at = _ON_PATH.search(value) if name.text == "PATH" else None
            used += [Used(at[1].rstrip("."), name.location)] if at else []
            is_default = name.text == "CONDA_DEFAULT_ENV" and bool(_NAME.fullmatch(value))
            used += [Used(value, name.location)] if is_default else []
    return Environments(found.made, tuple(used), found.opaque, found.pixi)


def in_jobs(script: Script) -> Iterator[Environments]:
    """The environments of each job, with what all jobs share.

    What a job that makes none works in may come from any other, by a cache or an artifact.
    """
    every = in_script(script)
    for job in dict.fromkeys(command.job for command in script.commands):
        kept = [c for c in script.commands if c.job in (job, SHARED)]
        found = _of_commands(kept, _is_opaque)
        source = found if job and found.made else every
        used = tuple(use for use in found.used if use.job == job)
        yield Environments(source.made, used, source.opaque)


def _of_commands(commands: Sequence[Command], hides: Callable[[Command], bool]) -> Environments:
    installs = [found for command in commands if (found := install_of(command))]
    made = tuple(_made(install) for install in installs if _makes(install))
    opaque = any(map(hides, commands))
    return Environments(made, tuple(_used(installs)), opaque, tuple(_pixi(installs)))


def _makes(install: Install) -> bool:
    """``conda env update`` makes the environment that is not there, ``conda update`` does not."""
    by_file = install.action == "update" and bool(install.files)
    return install.tool in _CONDAS and (install.action == "create" or by_file)


def _made(install: Install, copied: tuple[str, ...] | None = None) -> Made:
    files = install.files if copied is None else copied
    folder = install.folder if copied is None else ""
    name = name_of(install.env)
    known = bool(name) or (not install.env and bool(files))
    return Made(name, files, install.location, known, install.job, folder)


def _used(installs: Iterable[Install]) -> Iterator[Used]:
    for install in installs:
        # pip takes an environment only from a `conda run` around it
        works = install.action in ("run", "activate", "install", "update") and not _makes(install)
        name = name_of(install.env)
        if works and install.tool != "pixi" and _NAME.fullmatch(name):
            yield Used(name, install.location, install.job)


def _pixi(installs: Iterable[Install]) -> Iterator[Used]:
    for install in installs:
        elsewhere = install.files or "--apart" in install.flags
        if install.tool == "pixi" and not elsewhere and _NAME.fullmatch(install.env):
            yield Used(install.env, install.location, install.job)


def _in_values(instructions: Iterable[Instruction]) -> Iterator[Used]:
    for instruction in instructions:
        patterns: tuple[re.Pattern[str], ...] = ()
        if instruction.keyword == "ENV":
            patterns = (_ON_PATH, _DEFAULT)
        elif instruction.keyword in ("RUN", "CMD", "ENTRYPOINT", "SHELL"):
            patterns = (_ACTIVATES, _ON_PATH)
        for pattern in patterns:
            for found in pattern.finditer(instruction.value):
                yield Used(found[1].rstrip("."), instruction.location)


def _is_opaque(command: Command) -> bool:
    """Whether the command runs a program of the project, or moves or renames an environment."""
    words = command.words
    if words[0] in _MOVES:
        return any("envs" in word for word in words)
    if words[0] == "uses":  # an action of CI, or the image that a job runs in
        image = words[-1].removeprefix("docker://")
        return image == words[-1] or not has_only_base(image)
    return may_make(command) or "rename" in words[:3] or words[0] == "conda-unpack"


def _is_setup(command: Command) -> bool:
    """As _is_installer, by the last parts of paths: a program may lie in an environment."""
    return _is_opaque(command) and any(_INSTALLS.search(base(word)) for word in command.words[:4])


def _is_installer(command: Command) -> bool:
    """Whether the command runs a program that by its name makes environments."""
    told = (word for word in command.words[:4] if not word.endswith("setup.py"))
    return _is_opaque(command) and any(map(_INSTALLS.search, told))
