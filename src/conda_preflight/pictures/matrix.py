"""Which file can run on which target, as a table of marks with what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.pictures.picture import CELL, Picture, box, figure, group, label, shortened
from conda_preflight.plain import value_type
from conda_preflight.report import Finding, Outcome, Report, Status, Verdict
from conda_preflight.writers.escaping import markup
from conda_preflight.writers.excerpt import cells

MAX_FILES, MAX_TARGETS = 40, 40
_MARKS = {"GO": "✔", "NO_GO": "✖", "UNKNOWN": "?", "NONE": "-"}
_WORDS = {"GO": "GO", "NO_GO": "NO-GO", "UNKNOWN": "UNKNOWN", "NONE": "not asked"}
_SIDE, _MARGIN, _LONGEST, _HIGHEST = 30.0, 8.0, 320.0, 190.0
_SLOPE = 0.71
_NAMED = 3


@value_type
class _Cell:
    """One file on one target: a verdict, and the rules with the things that stand in the way."""

    verdict: str = "NONE"
    blame: tuple[str, ...] = ()
    unchecked: int = 0


def matrix(report: Report) -> Picture | None:
    """A row for each file that was judged by a target; None where there are no two cells.

    A file is a NO-GO on a target by a finding of the report's ``fail_on`` or more, UNKNOWN where
    a check crashed or none passed, else GO. At most MAX_FILES and MAX_TARGETS are drawn.
    """
    names = [target.name for target in report.targets]
    found = _cells(report)
    files = sorted({file for file, _ in found})
    if len(files) * len(names) < 2:  # noqa: PLR2004  (one alone is what the findings say)
        return None
    rows, columns = files[:MAX_FILES], names[:MAX_TARGETS]
    left = min(max(map(cells, rows)) * CELL, _LONGEST) + 2 * _MARGIN
    longest = min(max(map(cells, columns)) * CELL * _SLOPE + 20, _HIGHEST)
    slant = min(max(map(cells, columns)) * CELL * _SLOPE, _HIGHEST)
    shapes = [*_heads(columns, left, longest), *_lines(rows, columns, left, longest, found)]
    more = [f"{len(files) - MAX_FILES} more files"] if files[MAX_FILES:] else []
    more += [f"{len(names) - MAX_TARGETS} more targets"] if names[MAX_TARGETS:] else []
    left_out = f" Not drawn: {' and '.join(more)}." if more else ""
    return Picture(
        title="Files and targets",
        description=f"{len(files)} files, {len(names)} targets.{left_out}",
        width=left + len(columns) * _SIDE + slant + _MARGIN,
        height=longest + len(rows) * _SIDE + _MARGIN,
        shapes=tuple(shapes),
        heads=("File", "Target", "Verdict", "Why"),
        rows=tuple(_rows(files, names, found)),
    )


def _cells(report: Report) -> dict[tuple[str, str], _Cell]:
    """Each file on each target for which something was said of it."""
    said: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in report.outcomes:
        for name in outcome.targets if outcome.subject else ():
            said.setdefault((outcome.subject, name), []).append(outcome)
    return {key: _cell(outcomes, key[1], report) for key, outcomes in said.items()}


def _cell(outcomes: list[Outcome], name: str, report: Report) -> _Cell:
    counted = [f for o in outcomes for f in o.findings if _stops(f, name, report)]
    blame = tuple(dict.fromkeys(f"{f.problem.about} ({f.rule})" for f in counted))
    status = {outcome.status for outcome in outcomes}
    unchecked = len({o.rule for o in outcomes if o.status is Status.SKIPPED})
    if blame:
        return _Cell(Verdict.NO_GO.value, blame, unchecked)
    unsure = Status.CRASHED in status or not status & {Status.PASSED, Status.FAILED}
    return _Cell(Verdict.UNKNOWN.value if unsure else Verdict.GO.value, (), unchecked)


def _stops(finding: Finding, name: str, report: Report) -> bool:
    """Whether it is about this target, and makes a NO-GO."""
    counts = not finding.muted and finding.severity.rank >= report.fail_on.rank
    return counts and (not finding.targets or name in finding.targets)


def _heads(columns: list[str], left: float, bottom: float) -> Iterator[str]:
    """The names of targets, slanted."""
    for number, name in enumerate(columns):
        x, y = figure(left + number * _SIDE + _SIDE / 2), figure(bottom - 8)
        shown = markup(shortened(name, _HIGHEST / _SLOPE))
        text = f'<text x="{x}" y="{y}" transform="rotate(-45 {x} {y})">{shown}</text>'
        yield group(name, [text])


def _lines(
    rows: list[str],
    columns: list[str],
    left: float,
    top: float,
    found: Mapping[tuple[str, str], _Cell],
) -> Iterator[str]:
    for line, file in enumerate(rows):
        y = top + line * _SIDE
        text = label(file, _MARGIN, y + 19, "", left - 2 * _MARGIN)
        yield group(file, [text])
        for number, name in enumerate(columns):
            cell = found.get((file, name), _Cell())
            x = left + number * _SIDE
            mark = label(_MARKS[cell.verdict], x + _SIDE / 2, y + 19, f"middle {cell.verdict}")
            square = box(x + 1, y + 1, _SIDE - 2, _SIDE - 2, cell.verdict, 3)
            told = f"{file} on {name}: {_WORDS[cell.verdict]}"
            yield group(f"{told}. {_why(cell)}" if _why(cell) else told, [square, mark])


def _why(cell: _Cell) -> str:
    rest = len(cell.blame) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    parts = [", ".join(cell.blame[:_NAMED]) + more] if cell.blame else []
    checks = f"{cell.unchecked} check{'s' * (cell.unchecked != 1)} could not tell"
    return "; ".join([*parts, checks] if cell.unchecked else parts)


def _rows(
    files: list[str], names: list[str], found: Mapping[tuple[str, str], _Cell]
) -> Iterator[tuple[str, ...]]:
    for file in files:
        for name in names:
            cell = found.get((file, name), _Cell())
            yield file, name, _WORDS[cell.verdict], _why(cell)
