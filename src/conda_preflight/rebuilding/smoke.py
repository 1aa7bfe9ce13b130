"""The smoke tests of a prefix: what the settings say, or the imports of what was asked for."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from conda_preflight.engines import clean_process
from conda_preflight.errors import UsageError
from conda_preflight.plain import document_type
from conda_preflight.rebuilding.outcome import Trial

_IMPORT = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
MAX_SHOWN = 2_000


@document_type
class Smoke:
    """One test: what it is called, its words, and the folder that it runs in.

    ``python`` says that the interpreter of the prefix runs it.
    """

    subject: str
    words: tuple[str, ...]
    folder: Path | None = None
    python: bool = False


def from_settings(command: tuple[str, ...], script: str, folder: Path) -> Iterator[Smoke]:
    """The tests that somebody wrote down; raises UsageError for a script that is not there."""
    if command:
        words = tuple(shlex.split(command[0])) if len(command) == 1 else command
        yield Smoke(shlex.join(words), words, folder)
    if script:
        if not Path(script).is_file():
            raise UsageError(f"There is no smoke test {script}", "See [smoke] in the settings.")
        file = str(Path(script).resolve())
        runs = script.endswith(".py")
        yield Smoke(script, (file,) if runs else ("/bin/sh", file), folder, python=runs)


def imports(modules: Mapping[str, tuple[str, ...]]) -> Iterator[Smoke]:
    """A test per package that imports its modules, each in a process of its own."""
    for name, found in modules.items():
        if found:
            words = ("-I", "-B", "-c", _IMPORT, *found)
            what = ", ".join(found)
            subject = f"import {what}" if what == name else f"import {what} ({name})"
            yield Smoke(subject, words, python=True)


def run(
    tests: Iterable[Smoke], prefix: Path, build: int, home: Path, seconds: float
) -> Iterator[Trial]:
    """Each test in the prefix, in an environment that inherits nothing."""
    env = clean_process.environment(home, prefix) | {"PYTHONDONTWRITEBYTECODE": "1"}
    for test in tests:
        lead = (str(prefix / "bin" / "python"),) if test.python else ()
        words = (*lead, *test.words)
        if not test.python:
            words = (_found(words[0], prefix), *words[1:])
        ended = clean_process.run(words, env, test.folder or home, seconds)
        passed = ended.code == 0 and not ended.late
        reason = "" if passed else ended.reason
        shown = ended.output[-MAX_SHOWN:]
        yield Trial(test.subject, build, passed, ended.seconds, reason, "" if passed else shown)


def _found(word: str, prefix: Path) -> str:
    """A program of the prefix before one of the system, whatever PATH this process has."""
    own = prefix / "bin" / word
    return str(own) if "/" not in word and own.exists() else word
