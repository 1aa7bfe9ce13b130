"""Audits many projects side by side, by workers of a Ray cluster or of this machine.

At most one project per worker is under way, so that memory does not grow with their number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from glob import glob
from itertools import islice
from pathlib import Path
from typing import Any

from conda_preflight.errors import UsageError
from conda_preflight.fleet.one_project import audited
from conda_preflight.fleet.project_results import Result, Results
from conda_preflight.fleet.ray_session import connected
from conda_preflight.report import Verdict

Told = Callable[[str, int, int], None]
_WILD = frozenset("*?[")
_CALLS = 1_000
"""A worker is replaced after so many projects, whatever they have left in its memory."""
_STARTING = 60.0
"""Seconds that a new worker may need before it begins."""


def named(text: str) -> list[str]:
    """The projects that a pattern finds, or that stand in a file, one a line; absolute, sorted.

    Raises UsageError where there is none.
    """
    if not _WILD & set(text) and Path(text).is_file():
        found = list(_listed(Path(text)))
    else:
        found = [os.path.abspath(each) for each in glob(text, recursive=True)]  # noqa: PTH100, PTH207
    if not found:
        hint = "Put a pattern between quotes, as 'projects/*', or name a file with a path per line."
        raise UsageError(f"{text} finds no project", hint)
    return sorted(set(found))


def _listed(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} is no list of projects: {error}") from None
    for line in lines:
        if line.strip() and not line.startswith("#"):
            yield os.path.abspath(file.parent / line.strip())  # noqa: PTH100  (links stay)


def audit_all(
    projects: Sequence[str],
    results: Results,
    given: Mapping[str, Any],
    *,
    address: str,
    workers: int,
    seconds: float,
    told: Told,
    runtime_env: str = "",
) -> None:
    """Audit each project whose input is not the one of before, and keep its result.

    ``seconds`` bound one project. Without an address, ``workers`` run on this machine.
    """
    with connected(address, runtime_env, workers) as ray:
        count = workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
        _Run(ray, results, given, workers=count, seconds=seconds, told=told).over(projects)


class _Run:
    def __init__(
        self,
        ray: Any,  # noqa: ANN401
        results: Results,
        given: Mapping[str, Any],
        *,
        workers: int,
        seconds: float,
        told: Told,
    ) -> None:
        self._ray, self._results, self._given = ray, results, dict(given)
        self._workers, self._seconds, self._told = workers, seconds, told
        options = {"num_cpus": 1, "num_returns": 2, "max_retries": 1, "max_calls": _CALLS}
        self._task = ray.remote(**options)(audited)
        self._waiting: dict[Any, tuple[str, Any, float]] = {}

    def over(self, projects: Sequence[str]) -> None:
        left, begun = iter(projects), 0
        while self._waiting or begun < len(projects):
            begun += self._fill(left)
            self._told("Auditing projects", begun - len(self._waiting), len(projects))
            for kept in self._ready():
                begun += self._fill(left)  # first, so that no worker waits for the disk here
                self._keep(*kept)

    def _fill(self, left: Iterator[str]) -> int:
        """Give each idle worker a project, and say how many."""
        given = list(islice(left, self._workers - len(self._waiting)))
        for project in given:
            self._start(project)
        return len(given)

    def _start(self, project: str) -> None:
        known = self._results.done.get(project, "")
        result, report = self._task.remote(project, self._given, known)
        self._waiting[result] = (project, report, time.monotonic())

    def _ready(self) -> Iterator[tuple[str, Any, Any]]:
        """What has ended, with its references; what takes too long is ended and told."""
        done, _ = self._ray.wait(list(self._waiting), timeout=1.0)
        for reference in done:
            project, report, _ = self._waiting.pop(reference)
            yield project, reference, report
        late = time.monotonic() - self._seconds - _STARTING
        for reference, (project, _, begun) in list(self._waiting.items()):
            if begun < late:
                self._ray.cancel(reference, force=True)
                del self._waiting[reference]
                self._results.keep(_unknown(project, "it took too long"), b"")

    def _keep(self, project: str, reference: Any, report: Any) -> None:  # noqa: ANN401
        try:
            result, text = self._ray.get([reference, report])
        except Exception as error:  # noqa: BLE001  (a worker that died takes one project with it)
            first = str(error).strip().split("\n", 1)[0][:300]
            why = f"the worker died: {type(error).__name__}: {first}"
            self._results.keep(_unknown(project, why), b"")
            return
        if result.verdict:
            self._results.keep(result, text)


def _unknown(project: str, why: str) -> Result:
    return Result(project, "", Verdict.UNKNOWN.value, why)
