"""What stands in the way on which target: of one record by its files, and of all environments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from conda_preflight.ledger.overview import Judged
from conda_preflight.ledger.record import Mark, Record
from conda_preflight.plain import document_type, value_type
from conda_preflight.writers.wording import number

MAX_ROWS, MAX_COLUMNS = 40, 40
_SEVERITIES = ("error", "warning", "note")
_KINDS = {"GO": "alike", "NO_GO": "error", "UNKNOWN": "unknown"}
_WORDS = {"GO": "GO", "NO_GO": "NO-GO", "UNKNOWN": "UNKNOWN"}


@value_type
class Square:
    """One row on one target; ``kind`` is alike, error, warning, note or unknown."""

    kind: str
    text: str


@document_type
class Line:
    """A row: a file, or an environment with its number."""

    name: str
    squares: tuple[Square, ...]
    id: int = 0
    more: str = ""


@document_type
class Matrix:
    """Targets as columns; ``left_out`` says how many rows and columns are not shown."""

    columns: tuple[str, ...]
    rows: tuple[Line, ...]
    left_out: tuple[int, int] = (0, 0)


def of_record(whole: Record) -> Matrix | None:
    """Findings by file and target, below the verdicts; None where no target was asked about.

    A finding that is about no target is one on each of them.
    """
    if not whole.targets:
        return None
    verdicts = dict(whole.targets)
    marks = [mark for mark in whole.marks if not mark.muted]
    files = dict.fromkeys([*(one.path for one in whole.environments), *(m.path for m in marks)])
    shown = tuple(verdicts)[:MAX_COLUMNS]
    rows = [Line("Verdict", tuple(_verdict(verdicts[name]) for name in shown))]
    rows += [_file(path, marks, verdicts, shown) for path in [*files][:MAX_ROWS]]
    left_out = (max(len(files) - MAX_ROWS, 0), len(verdicts) - len(shown))
    return Matrix(shown, tuple(rows), left_out)


def of_all(judged: Sequence[Judged]) -> Matrix | None:
    """Verdicts of environments by target; None where there are none."""
    names = Counter(name for each in judged for name, _ in each.targets)
    shown = tuple(name for name, _ in names.most_common(MAX_COLUMNS))
    if not shown:
        return None
    rows = []
    for each in judged:
        told = dict(each.targets)
        squares = tuple(_verdict(told.get(name, "")) for name in shown)
        more = "" if each.subject == "." else each.subject
        rows.append(Line(each.name, squares, each.id, more))
    return Matrix(shown, tuple(rows), (0, len(names) - len(shown)))


def _verdict(word: str) -> Square:
    return Square(_KINDS.get(word, "none"), _WORDS.get(word, word or "not asked"))


def _file(
    path: str, marks: Sequence[Mark], verdicts: Mapping[str, str], shown: Sequence[str]
) -> Line:
    own = [mark for mark in marks if mark.path == path]
    return Line(path, tuple(_square(own, name, verdicts[name]) for name in shown))


def _square(own: Sequence[Mark], name: str, verdict: str) -> Square:
    counts = Counter(m.severity for m in own if not m.targets or name in m.targets)
    for kind in _SEVERITIES:
        if counts[kind]:
            return Square(kind, number(counts[kind], kind))
    return Square("unknown" if verdict == "UNKNOWN" else "alike", "no finding")
