"""The pip half, resolved by uv: for any platform and Python, against what conda installs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from conda_preflight.documents import Package
from conda_preflight.engines import uv_answer, uv_question
from conda_preflight.engines.stub_wheel import write_stubs
from conda_preflight.engines.uv_platform import uv_platform
from conda_preflight.engines.uv_process import Ended, run, this_python, trust
from conda_preflight.engines.uv_refusal import refusal, refused_login
from conda_preflight.errors import PreflightError
from conda_preflight.solving.pip_half import PipAnswer, PipHalf, PipQuestion, Unresolvable
from conda_preflight.solving.question import Untried

SECONDS = 300.0
_KEPT, _NEEDS = "pylock.toml", "needs.txt"
"""Files that uv takes older choices from, and writes its own to."""


def resolve(
    question: PipQuestion, *, cache: Path | None = None, seconds: float = SECONDS
) -> PipAnswer:
    """The files that meet a question, within so many seconds; never raises.

    Wheels alone are tried first, so that nothing is built and no code of a project runs;
    sdists only where the question allows them and there is no other way. Without a cache
    everything is downloaded anew and nothing stays behind.
    """
    try:
        asked = uv_question.read(question)
        with tempfile.TemporaryDirectory(prefix="conda-preflight-") as scratch:
            work = _Resolution(question, asked, Path(scratch), cache, seconds)
            answer = work.answer(build=False)
            if question.allow_sdists and isinstance(answer, Unresolvable) and answer.sdist_only:
                answer = work.answer(build=True)
            return answer
    except PreflightError as error:
        return Untried(error.message, error.hint)
    except OSError as error:
        return Untried(f"The files for uv cannot be written: {error.strerror or error}")


class UvResolver:
    """The PipResolver on uv; ``seconds`` bounds each question."""

    def __init__(self, seconds: float = SECONDS, cache: Path | None = None) -> None:
        self._seconds, self._cache = seconds, cache
        self._answers: dict[PipQuestion, PipAnswer] = {}

    def resolve(self, question: PipQuestion) -> PipAnswer:
        """The answer; it never raises."""
        if question not in self._answers:
            answer = resolve(question, cache=self._cache, seconds=self._seconds)
            self._answers[question] = answer
        return self._answers[question]


class _Resolution:
    """One question in a directory of its own."""

    def __init__(
        self,
        question: PipQuestion,
        asked: uv_question.Asked,
        folder: Path,
        cache: Path | None,
        seconds: float,
    ) -> None:
        self.question, self.asked, self.folder = question, asked, folder
        self.deadline = time.monotonic() + seconds
        self.cache = (cache or folder / "cache").absolute()
        stubs, untold = write_stubs(question.provided, self.cache / "conda-preflight-stubs")
        self._write("requirements.in", asked.lines)
        self.lists = {
            "--constraints": [*stubs, *asked.constraints],
            "--excludes": untold,  # conda installs them, and nobody can tell what they fit
        }
        for option, lines in self.lists.items():
            self._write(f"{option}.txt", lines)

    def answer(self, *, build: bool) -> PipAnswer:
        """What uv finds with or without building sdists."""
        if not self.asked.lines:
            return PipHalf((), left_out=self.asked.left_out)
        unsure = self._closed_index()
        if unsure and "401" in unsure.hint:
            return unsure
        self._write("uv.toml", [uv_question.settings(self.asked, self.question, build=build)])
        self._write(_KEPT, uv_question.kept(self.question))
        ended = self._compile(
            "requirements.in", "--format", "pylock.toml", "--no-annotate", "-o", _KEPT
        )
        if ended.code:
            answer = refusal(ended.messages, self.question)
            if self.question.offline and isinstance(answer, Unresolvable) and answer.missing:
                return _not_at_hand(answer)
            guilty = isinstance(answer, Unresolvable) and answer.provided
            return answer if guilty or not unsure else unsure
        half = uv_answer.pip_half(ended.output, ended.messages, self.question)
        return replace(half, packages=self._with_needs(half), left_out=self.asked.left_out)

    def _closed_index(self) -> Untried | None:
        """That one of several indexes refuses to answer, over which uv passes in silence.

        A 403 can also be an index's way to say that it lacks a project.
        """
        indexes = self.asked.indexes
        if not indexes.extra or self.question.offline:
            return None
        self._write("probe.in", [self._unprovided()])
        found = None
        for address in filter(None, (*indexes.extra, indexes.default)):
            alone = replace(self.asked, indexes=replace(indexes, default=address, extra=()))
            self._write("uv.toml", [uv_question.settings(alone, self.question, build=False)])
            closed = refused_login(self._compile("probe.in", "--no-deps").messages)
            if closed and (found is None or "401" in closed.hint):
                found = closed
        return found

    def _unprovided(self) -> str:
        """A project that indexes are asked for, since conda does not provide it."""
        provided = {each.name for each in self.question.provided}
        names = (line.name for line in self.question.requirements)
        return next((name for name in names if name and name not in provided), "conda-preflight")

    def _with_needs(self, half: PipHalf) -> tuple[Package, ...]:
        """The packages with the names of what they need, which only comments tell.

        The second run finds all it needs in the cache; without it the packages are the same.
        """
        self._write(_NEEDS, (f"{p.name}=={p.version}" for p in half.packages))
        ended = self._compile(
            "requirements.in", "--offline", "--format", "requirements.txt", "-o", _NEEDS
        )
        needs = {} if ended.code else uv_answer.requires(ended.output)
        return tuple(replace(p, depends=needs.get(p.name, ())) for p in half.packages)

    def _compile(self, *options: str) -> Ended:
        question = self.question
        target = uv_platform(question.platform, question.glibc)
        if not target:
            glibc = f" with glibc {question.glibc}" if question.glibc else ""
            raise PreflightError(f"uv cannot resolve for {question.platform}{glibc}")
        arguments = [
            *("pip", "compile", *options, "--no-header", "--config-file", "uv.toml"),
            *(f"{option}=./{option}.txt" for option, lines in self.lists.items() if lines),
            *("--python", this_python(), "--python-version", question.python),
            *("--python-platform", target, "--cache-dir", str(self.cache)),
        ]
        extra = {"MACOSX_DEPLOYMENT_TARGET": question.macos} if question.macos else {}
        left = max(self.deadline - time.monotonic(), 0.1)
        return run(arguments, self.folder, extra | trust(question.indexes), left)

    def _write(self, name: str, lines: Iterable[str]) -> None:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _not_at_hand(answer: Unresolvable) -> Untried:
    """Offline an index that lacks a project and one that was never asked look alike."""
    return Untried(
        f"Without a network, uv's cache does not have {', '.join(answer.missing)}",
        "Lock once with a network; what it downloads is kept.",
    )
