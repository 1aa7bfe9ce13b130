"""The folder in which results of many projects are kept, so that a run can be gone on with.

``results.jsonl`` has a line per project, the last one of a project counts; ``reports`` has the
report of each. A report is there, whole, before its line is; half a line is no line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from conda_preflight.errors import UsageError
from conda_preflight.lockfiles.writing import replace_file
from conda_preflight.plain import value_type

LINES, REPORTS = "results.jsonl", "reports"
_NAME = 32


@value_type
class Result:
    """One project; ``digest`` is that of its input, empty where it has to be audited again.

    ``verdict`` is empty for one that was done before. ``rules`` count findings that are not muted.
    """

    project: str
    digest: str
    verdict: str = ""
    reason: str = ""
    seconds: float = 0.0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)


_FIELDS = tuple(Result.__dataclass_fields__)


class Results:
    """A folder of results that is open for one run; raises UsageError where it cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            (folder / REPORTS).mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = (folder / LINES).open("a+b")
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
        self._lock()
        self.done = {result.project: result.digest for result in read(folder)}
        self._cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def keep(self, result: Result, report: bytes) -> None:
        """Add a result, its report first; raises UsageError where the disk is full."""
        try:
            if report:
                file = report_file(self.folder, result.project)
                file.parent.mkdir(exist_ok=True)
                replace_file(file, report)
            told = {name: getattr(result, name) for name in _FIELDS}
            self._file.write(json.dumps(told).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise UsageError(f"{self.folder} cannot be written: {error.strerror}") from None

    def _lock(self) -> None:
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            hint = "Wait for it, or name another folder: --results DIR."
            raise UsageError(f"Another run writes into {self.folder}", hint) from None

    def _cut(self) -> None:
        """Take half a line off, which a run left that was killed."""
        file = self.folder / LINES
        data_end = _whole(file)
        if data_end < file.stat().st_size:
            self._file.truncate(data_end)


def read(folder: Path) -> Iterator[Result]:
    """The results in the order of their lines; what is no whole line is passed over."""
    try:
        with (folder / LINES).open("rb") as stream:
            for line in stream:
                if line.endswith(b"\n") and (result := _result(line)):
                    yield result
    except OSError as error:
        raise UsageError(f"{folder} has no results: {error.strerror}") from None


def report_file(folder: Path, project: str) -> Path:
    """Where the report of a project is kept."""
    name = hashlib.sha256(project.encode("utf-8", "surrogateescape")).hexdigest()[:_NAME]
    return folder / REPORTS / name[:2] / f"{name}.json"


def _result(line: bytes) -> Result | None:
    try:
        told: dict[str, Any] = json.loads(line)
        return Result(**told)
    except (ValueError, TypeError):
        return None


def _whole(file: Path) -> int:
    """How many bytes are whole lines."""
    end = 0
    with file.open("rb") as stream:
        for line in stream:
            end += len(line) if line.endswith(b"\n") else 0
    return end
