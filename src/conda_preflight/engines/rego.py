"""The judgement of policies in Rego, by regopy in a process that ends in time."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from conda_preflight.documents import Project, Source
from conda_preflight.documents.ruling import BROKEN, Ruling
from conda_preflight.engines import clean_process
from conda_preflight.engines.rego_worker import ANSWER, OVER
from conda_preflight.errors import Skip
from conda_preflight.house.answers import rulings
from conda_preflight.house.policy_input import policy_input

SECONDS = 30.0
MAX_MEMORY = 2 << 30
MAX_INPUT = 32 << 20
MAX_ANSWER = 32 << 20
MISSING = "policies are named, and no engine is installed: pip install 'conda-preflight[rego]'"
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from conda_preflight.engines.rego_worker import main; main()"
)


class RegoPolicies:
    """Asks policies, ``inputs``, about a project: once, when a check asks.

    ``settings`` is what they are told of the settings. ``trouble`` says why they could not be
    asked: then nothing is known, which is never "nothing denied".
    """

    def __init__(
        self,
        policies: Sequence[Source],
        settings: Mapping[str, object],
        seconds: float = SECONDS,
        memory: int = MAX_MEMORY,
    ) -> None:
        self.inputs = tuple(policies)
        self._policies, self._settings = {each.path: each.text for each in policies}, settings
        self._seconds, self._memory = seconds, memory
        self._known: tuple[Project, tuple[Ruling, ...]] | None = None
        self.trouble = ""

    def rulings(self, project: Project, day: date, kind: str) -> tuple[Ruling, ...]:
        """All of one kind; raises Skip where the policies cannot be asked."""
        if self.trouble:
            raise Skip(self.trouble)
        if self._known is None or self._known[0] is not project:
            self._known = project, self._ask(project, day)
        found = self._known[1]
        chosen = tuple(each for each in found if each.kind == kind)
        if not chosen and any(each.kind == BROKEN for each in found):
            raise Skip("a policy is broken, and what it would say is not known")
        return chosen

    def _ask(self, project: Project, day: date) -> tuple[Ruling, ...]:
        if find_spec("regopy") is None:
            self._fail(MISSING)
        given = policy_input(project, self._settings, day)
        text = json.dumps(self._order(given)).encode()
        if len(text) > MAX_INPUT:
            self._fail(f"the policies would get more than {MAX_INPUT >> 20} MiB of input")
        with tempfile.TemporaryDirectory() as folder:
            ended = clean_process.run(
                [sys.executable, "-I", "-c", _PROGRAM, json.dumps(sys.path)],
                {},
                Path(folder),
                self._seconds,
                stdin=text,
            )
            reason = self._reason(ended) if ended.late or ended.code else ""
            if trouble := _trouble(ended):
                self._fail(trouble)
            answer = None if reason else _read(Path(folder, ANSWER))
        if reason:
            first = next(iter(self._policies))
            return (Ruling(BROKEN, f"The policies gave no answer: {reason}", first),)
        return tuple(rulings(answer, self._policies))

    def _order(self, given: Mapping[str, object]) -> Mapping[str, object]:
        limits = {"seconds": self._seconds + 1, "memory": self._memory}
        return {"modules": self._policies, "input": given, **limits}

    def _reason(self, ended: clean_process.Ended) -> str:
        if ended.late:
            return f"they were stopped after {self._seconds:g} seconds"
        if ended.code == OVER:
            return f"they needed more than {self._memory >> 20:,} MiB of memory"
        return ended.reason

    def _fail(self, reason: str) -> NoReturn:
        self.trouble = reason
        raise Skip(reason)


def _trouble(ended: clean_process.Ended) -> str:
    """Why the engine itself does not run here, empty where it did."""
    if ended.code and "snmalloc" in ended.output:
        return "the engine of policies gets too few addresses here: ulimit -v"
    if ended.code == 1:  # as Python ends after an error
        return f"the engine of policies fails: {ended.output.rpartition(chr(10))[2][:200]}"
    return ""


def _read(file: Path) -> object:
    """The answer; None where it is none, which is told as one of another shape."""
    try:
        with file.open("rb") as stream:
            return json.loads(stream.read(MAX_ANSWER))
    except (OSError, ValueError, RecursionError):
        return None
