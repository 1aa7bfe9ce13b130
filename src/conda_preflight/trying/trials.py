"""Steps are tried one after the other, each in a process of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from socket import gethostname

from conda_preflight.documents import Trial
from conda_preflight.engines import clean_process
from conda_preflight.errors import UsageError
from conda_preflight.facts.symptoms import recognized
from conda_preflight.plain import document_type
from conda_preflight.probing.privacy import Privacy
from conda_preflight.trying import answer, chosen
from conda_preflight.trying.environment import environment
from conda_preflight.trying.program.steps import needed
from conda_preflight.trying.strays import end_strays

PROGRAM = Path(__file__).parent / "program" / "run.py"
SECONDS = 300.0
MAX_OUTPUT = 600
"""Characters that a sheet keeps of what a step printed, where it did not pass."""


@document_type
class Attempt:
    """How steps are tried: in which prefix, for how long, on which device ("auto" or "cpu")."""

    prefix: Path
    python: Path
    seconds: float
    device: str

    def run(self, words: Sequence[str | Path], scratch: Path, folder: Path) -> clean_process.Ended:
        """How the prefix's Python ends with these words."""
        variables = environment(os.environ, self.prefix, scratch, self.device)
        command = [self.python, "-B", *words]
        try:
            return clean_process.run(command, variables, folder, self.seconds)
        finally:
            end_strays(scratch)


def try_prefix(
    prefix: Path,
    steps: Sequence[str] = (),
    *,
    seconds: float = SECONDS,
    device: str = "auto",
    smoke: Path | None = None,
    told: Callable[[Trial], None] | None = None,
) -> tuple[Trial, ...]:
    """What became of each step, all of them unless some are named ("torch": all of torch).

    ``seconds`` bounds each; ``smoke`` is a script of the user, tried last. ``told`` gets
    each when it is done. Nothing is installed or written into the prefix. Raises UsageError
    for an unknown step, a prefix without Python and a script that is not there.
    """
    names = chosen.steps(steps)
    attempt = Attempt(prefix, chosen.python(prefix), seconds, device)
    if smoke and not smoke.is_file():
        raise UsageError(f"There is no smoke test {smoke}")
    privacy = Privacy(os.environ, gethostname())
    found: list[Trial] = []
    known: dict[str, Trial] = {}
    for each in _trials(attempt, names, smoke, known):
        facts = tuple((name, privacy.shown(text)) for name, text in each.facts)
        trial = Trial(each.step, each.status, privacy.shown(each.detail), facts)
        found.append(trial)
        if told:
            told(trial)
    return tuple(found)


def _trials(
    attempt: Attempt, names: Sequence[str], smoke: Path | None, known: dict[str, Trial]
) -> Iterator[Trial]:
    for name in names:
        trial = _without(name, known) or _tried(attempt, name)
        known[name] = trial
        yield trial
    if smoke:
        yield _smoke(attempt, smoke)


def _without(name: str, known: dict[str, Trial]) -> Trial | None:
    """The answer of a step that needs a framework which is not there or does not import."""
    for framework in needed(name):
        before = known.get(f"{framework}.import")
        if before and before.status == "not-installed":
            return Trial(name, "not-installed", before.detail)
        if before and before.status != "passed":
            return Trial(name, "not-tried", f"{framework} cannot be imported")
    return None


def _tried(attempt: Attempt, name: str) -> Trial:
    with tempfile.TemporaryDirectory(prefix="preflight-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        file = scratch / "answer"
        words = (PROGRAM, name, file, attempt.device)
        ended = attempt.run(words, scratch, scratch)
        return judged(name, answer.read(file), ended)


def judged(name: str, told: answer.Told, ended: clean_process.Ended) -> Trial:
    """A step by its answer and its end; it passed only if both are in order."""
    went_well = ended.code == 0 and not ended.late
    if told.status and (went_well or told.status == "failed"):
        status, detail = told.status, told.detail
    else:
        status = "hung" if ended.late else "crashed"
        place = "after its answer" if told.status else told.doing and f"at: {told.doing}"
        reason = ended.reason if not went_well else "it ended with exit code 0, without an answer"
        detail = f"{reason} ({place})" if place else reason
    return _trial(name, status, detail, told.facts, ended)


def _trial(
    name: str,
    status: str,
    detail: str,
    facts: tuple[tuple[str, str], ...],
    ended: clean_process.Ended,
) -> Trial:
    more = {"seconds": f"{ended.seconds:.2f}"}
    if status in ("failed", "crashed", "hung"):
        more["output"] = answer.one_line(ended.output[-MAX_OUTPUT:], MAX_OUTPUT)
        more["symptom"] = " ".join(s.id for s in recognized(f"{detail}\n{ended.output}"))
    rows = {**dict(facts), **{key: text for key, text in more.items() if text}}
    return Trial(name, status, answer.one_line(detail), tuple(sorted(rows.items())))


def _smoke(attempt: Attempt, script: Path) -> Trial:
    """The user's own script by its exit code, in the folder that it was named from."""
    with tempfile.TemporaryDirectory(prefix="preflight-", ignore_cleanup_errors=True) as folder:
        ended = attempt.run((script.resolve(),), Path(folder), Path.cwd())
    if ended.late:
        status = "hung"
    else:
        status = "passed" if ended.code == 0 else "crashed" if ended.code < 0 else "failed"
    detail = "" if status == "passed" else ended.reason
    return _trial("smoke", status, detail, (("script", script.name),), ended)
