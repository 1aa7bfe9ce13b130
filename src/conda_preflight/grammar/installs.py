"""What a command does to an environment: creates, updates, installs, locks, runs, activates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from conda_preflight.documents import Command, Location
from conda_preflight.grammar import install_options as known
from conda_preflight.grammar.install_options import Arguments, Options
from conda_preflight.grammar.shell import command_of
from conda_preflight.grammar.shell_wrapper import program_name
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

MAX_DEPTH = 4
_CONDAS = frozenset(("conda", "mamba", "micromamba"))
_PIP = lazy_pattern(r"pip[0-9.]{0,8}")
_PYTHON = lazy_pattern(r"(?:python|pypy)[0-9.]{0,8}|py")
_FILE = lazy_pattern(r"\.(?:ya?ml|txt|lock|toml|json|in)$|^@EXPLICIT$", re.IGNORECASE)
_VERBS = {
    "create": "create",
    "install": "install",
    "add": "install",
    "sync": "install",
    "update": "update",
    "upgrade": "update",
    "lock": "lock",
    "compile": "lock",
    "run": "run",
    "shell": "activate",
    "venv": "create",
}


@value_type
class Install:
    """One step that makes or changes an environment, or that works in one.

    ``tool`` is "conda", "mamba", "micromamba", "conda-lock", "pip", "uv", "pixi" or
    "poetry"; ``action`` is "create", "update", "install", "lock", "run" or "activate";
    ``files`` are the files it reads, as written (requirement, constraint, manifest and
    lock files; ``conda env create`` without one reads ``environment.yml``); ``names`` are
    the packages on the command line as written (``torch==2.0``, ``.``, a URL), for "run"
    the command; ``env`` is the name or the directory of the environment, empty for the
    active one; ``flags`` are the other options by long name, ``--channel=x`` with a value.
    """

    tool: str
    action: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    env: str
    flags: tuple[str, ...]
    location: Location
    job: str = ""
    folder: str = ""


def install_of(command: Command) -> Install | None:
    """What the command does to an environment, None where that is nothing; never raises."""
    found = _install_of(command, 0)
    if found and (command.job or command.folder):
        return replace(found, job=command.job, folder=command.folder)
    return found


def _install_of(command: Command, depth: int) -> Install | None:
    if not command.words or depth > MAX_DEPTH:
        return None
    name, *rest = command.words
    program = program_name(name).lower()
    if program in _CONDAS:
        return _conda(program, rest, command.location, depth)
    if _PIP.fullmatch(program):
        return _pip("pip", rest, command.location)
    if _PYTHON.fullmatch(program):
        return _python(rest, command, depth)
    reader = _READERS.get(program)
    return reader(rest, command.location) if reader else None


def _conda(tool: str, words: Sequence[str], location: Location, depth: int) -> Install | None:
    verb, rest = _verb(words, known.CONDA)
    group = verb == "env"
    if group:
        verb, rest = _verb(rest, known.CONDA)
    if verb == "lock" and not group:
        return _conda_lock(rest, location)
    if verb == "run":
        return _conda_run(tool, rest, location, depth)
    if verb == "activate":
        return _activate(tool, rest, location)
    if verb not in ("create", "install", "update", "upgrade"):
        return None
    arguments = known.parse(rest, known.CONDA)
    if tool == "conda" and not group:
        arguments = _force_is_no_file(arguments)
    made = _made(
        tool, _VERBS[verb], arguments, location, files=("--file",), envs=("--name", "--prefix")
    )
    if group and not made.files and not made.names:  # mamba takes packages here too
        return replace(made, files=("environment.yml",))
    return made


def _force_is_no_file(arguments: Arguments) -> Arguments:
    """``-f`` was ``--force`` in older releases of conda, and what follows then is a package."""
    options: list[tuple[str, str | None]] = []
    operands = list(arguments.operands)
    for name, value in arguments.options:
        if name == "--file" and value and not _is_file(value):
            operands.append(value)
            options.append(("--force", None))
        else:
            options.append((name, value))
    return Arguments(tuple(options), tuple(operands))


def _conda_run(tool: str, words: Sequence[str], location: Location, depth: int) -> Install | None:
    """The install that runs in an environment, or the run itself."""
    arguments = known.parse(words, known.CONDA, stop=True)
    env = _env(arguments, ("--name", "--prefix"))
    for inner in command_of(arguments.operands, location):
        found = _install_of(inner, depth + 1)
        if found:
            return replace(found, env=found.env or env, location=location)
    flags = _flags(arguments, "--name", "--prefix")
    return Install(tool, "run", (), arguments.operands, env, flags, location)


def _activate(tool: str, words: Sequence[str], location: Location) -> Install:
    arguments = known.parse(words, known.CONDA)
    env = _env(arguments, ("--name", "--prefix")) or "".join(arguments.operands[:1])
    flags = _flags(arguments, "--name", "--prefix")
    return Install(tool, "activate", (), (), env, flags, location)


def _source(words: Sequence[str], location: Location) -> Install | None:
    """``source activate X``, also with the path of conda's own script."""
    if words and program_name(words[0]) == "activate" and "venv" not in words[0]:
        named = words[0] == "activate" or "conda" in words[0] or "mamba" in words[0]
        return _activate("conda", words[1:], location) if named else None
    return None


def _conda_lock(words: Sequence[str], location: Location) -> Install | None:
    verb, rest = _verb(words, known.CONDA_LOCK)
    if verb == "install":
        arguments = known.parse(rest, known.CONDA_LOCK_INSTALL)
        made = _made(
            "conda-lock",
            "create",
            arguments,
            location,
            files=("--file",),
            envs=("--name", "--prefix"),
        )
        return replace(made, files=(*made.files, *made.names), names=())
    asks = {"--help", "-h", "--version", "-V"} & {*words}
    if asks or verb in ("render", "render-lock-spec"):
        return None
    arguments = known.parse(rest if verb == "lock" else words, known.CONDA_LOCK)
    return _made("conda-lock", "lock", arguments, location, files=("--file",))


def _python(words: Sequence[str], command: Command, depth: int) -> Install | None:
    """``python -m pip``, whatever options stand before ``-m``."""
    for at, word in enumerate(words[:8]):
        if word == "-m" and at + 1 < len(words):
            inner = (words[at + 1].replace("_", "-"), *words[at + 2 :])
            return _install_of(Command(inner, command.location), depth + 1)
        if not word.startswith("-"):
            return None
    return None


def _pip(tool: str, words: Sequence[str], location: Location) -> Install | None:
    options = known.PIP if tool == "pip" else known.UV
    verb, rest = _verb(words, options)
    if verb not in ("install", "sync", "compile"):
        return None
    arguments = known.parse(rest, options)
    files = ("--requirement", "--requirements", "--constraint", "--constraints")
    made = _made(tool, _VERBS[verb], arguments, location, files=files)
    if verb == "install":
        return made
    return replace(made, files=(*made.files, *made.names), names=())


def _uv(words: Sequence[str], location: Location) -> Install | None:
    verb, rest = _verb(words, known.UV)
    if verb == "pip":
        return _pip("uv", rest, location)
    apart = verb == "tool"
    if apart:
        verb, rest = _verb(rest, known.UV)
    if verb not in ("add", "sync", "lock", "run", "venv", "install"):
        return None
    arguments = known.parse(rest, known.UV, stop=verb == "run")
    made = _made("uv", _VERBS[verb], arguments, location, files=("--requirement", "--requirements"))
    made = _apart(made) if apart else made
    return replace(made, env="".join(made.names[:1]), names=()) if verb == "venv" else made


def _pixi(words: Sequence[str], location: Location) -> Install | None:
    verb, rest = _verb(words, known.PIXI)
    apart = verb == "global"
    if apart:
        verb, rest = _verb(rest, known.PIXI)
    verb = {"i": "install", "a": "add", "r": "run", "s": "shell", "reinstall": "install"}.get(
        verb, verb
    )
    if verb not in ("install", "add", "lock", "run", "update", "upgrade", "shell", "sync"):
        return None
    arguments = known.parse(rest, known.PIXI, stop=verb == "run")
    made = _made(
        "pixi",
        _VERBS[verb],
        arguments,
        location,
        files=("--manifest-path",),
        envs=("--environment",),
    )
    return _apart(made) if apart else made


def _poetry(words: Sequence[str], location: Location) -> Install | None:
    verb, rest = _verb(words, known.POETRY)
    if verb not in ("install", "add", "lock", "update", "run", "shell", "sync"):
        return None
    arguments = known.parse(rest, known.POETRY, stop=verb == "run")
    return _made("poetry", _VERBS[verb], arguments, location)


def _apart(made: Install) -> Install:
    return replace(made, flags=(*made.flags, "--apart"))


def _verb(words: Sequence[str], options: Options) -> tuple[str, list[str]]:
    """The first operand, and every other word; options may stand before it."""
    before: list[str] = []
    at = 0
    while at < len(words) and words[at].startswith("-"):
        long = options.short.get(words[at], words[at])
        step = 2 if long in options.valued else 1
        before.extend(words[at : at + step])
        at += step
    return "".join(words[at : at + 1]), [*before, *words[at + 1 :]]


def _made(
    tool: str,
    action: str,
    arguments: Arguments,
    location: Location,
    *,
    files: tuple[str, ...] = (),
    envs: tuple[str, ...] = (),
) -> Install:
    read = arguments.values(*files)
    operands = arguments.operands
    if tool in _CONDAS:
        read = (*read, *(word for word in operands if _is_file(word)))
        operands = tuple(word for word in operands if not _is_file(word))
    flags = _flags(arguments, *files, *envs)
    return Install(tool, action, read, operands, _env(arguments, envs), flags, location)


def _is_file(word: str) -> bool:
    return bool(_FILE.search(word)) or (word.startswith(("./", "../", "/")) and "[" not in word)


def _env(arguments: Arguments, names: tuple[str, ...]) -> str:
    return "".join(arguments.values(*names)[-1:])


def _flags(arguments: Arguments, *but: str) -> tuple[str, ...]:
    return tuple(
        name if value is None else f"{name}={value}"
        for name, value in arguments.options
        if name not in but
    )


_READERS: dict[str, Callable[[Sequence[str], Location], Install | None]] = {
    "conda-lock": _conda_lock,
    "uv": _uv,
    "pixi": _pixi,
    "poetry": _poetry,
    "source": _source,
    ".": _source,
    "activate": lambda words, location: _activate("conda", words, location),
}
