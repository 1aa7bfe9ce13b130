"""How findings came and went from record to record of a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.ledger.answer import Line
from conda_preflight.pictures.picture import LINE, Picture, box, figure, group, label

MAX_RECORDS = 120
_LEFT, _RIGHT, _TOP = 52.0, 12.0, 30.0
_OPEN, _MOVED, _GAP = 170.0, 60.0, 30.0
_WIDEST, _NARROWEST, _WIDTH = 26.0, 9.0, 860.0
_VERDICTS = {"GO": "GO", "NO_GO": "NO-GO", "UNKNOWN": "UNKNOWN"}
_KINDS = (("error", "errors"), ("warning", "warnings"), ("note", "notes"))
_DATE = 10
_DATES = 84.0


def timeline(project: str, lines: Sequence[Line]) -> Picture | None:
    """Open findings of each audit as columns, below them what came and went; None without one.

    ``lines`` come in any order; the latest MAX_RECORDS are drawn.
    """
    audits = sorted((line for line in lines if line.verdict), key=lambda line: line.seq)
    shown = audits[-MAX_RECORDS:]
    if not shown:
        return None
    step = min(max(_WIDTH / len(shown), _NARROWEST), _WIDEST)
    width = max(_LEFT + step * len(shown) + _RIGHT, 420.0)
    height = _TOP + _OPEN + _GAP + 2 * _MOVED + _GAP
    return Picture(
        title=f"Findings of {project}",
        description=_description(shown, len(audits)),
        width=width,
        height=height,
        shapes=(*_legend(), *_scales(shown, width), *_columns(shown, step), *_dates(shown, step)),
        heads=("#", "When (UTC)", "Verdict", "Errors", "Warnings", "Notes", "New", "Gone"),
        rows=tuple(map(_row, reversed(shown))),
    )


def _description(shown: Sequence[Line], total: int) -> str:
    last = shown[-1]
    open_now = f"{last.errors} errors, {last.warnings} warnings and {last.notes} notes"
    part = f" of {total}" if total > len(shown) else ""
    return f"{len(shown)}{part} audits; after the last one {open_now} are open."


def _legend() -> Iterator[str]:
    at = _LEFT
    words = (*((kind, word) for kind, word in _KINDS), ("came", "new"), ("went", "gone"))
    for kind, word in words:
        yield box(at, 7, 10, 10, kind, 2)
        yield label(word, at + 15, 16, "soft")
        at += 15 + 8 * len(word) + 18


def _scales(shown: Sequence[Line], width: float) -> Iterator[str]:
    """Lines at nothing, the half and the most of the open findings, and in the middle below."""
    most, moved = _most(shown), _most_moved(shown)
    for part in dict.fromkeys((0, most // 2, most)):
        y = _TOP + _OPEN - _OPEN * part / most
        yield _level(y, width, str(part), "axis" if part == 0 else "grid")
    middle = _middle()
    yield _level(middle, width, "0", "axis")
    yield label(f"+{moved}", _LEFT - 8, middle - _MOVED + 10, "small end")
    yield label(f"-{moved}", _LEFT - 8, middle + _MOVED, "small end")


def _level(y: float, width: float, text: str, kind: str) -> str:
    line = f"M{figure(_LEFT)} {figure(y)}H{figure(width - _RIGHT)}"
    return f'<path d="{line}" class="{kind}"/>{label(text, _LEFT - 8, y + 4, "small end")}'


def _middle() -> float:
    return _TOP + _OPEN + _GAP + _MOVED


def _most(shown: Sequence[Line]) -> int:
    return max(1, *(line.errors + line.warnings + line.notes for line in shown))


def _most_moved(shown: Sequence[Line]) -> int:
    return max(1, *(each for line in shown for each in (line.came, line.went)))


def _columns(shown: Sequence[Line], step: float) -> Iterator[str]:
    most, moved = _most(shown), _most_moved(shown)
    for number, line in enumerate(shown):
        left, wide = _LEFT + number * step + 1, step - 2
        yield group(_told(line), [*_column(line, left, wide, most, moved)])


def _column(line: Line, left: float, wide: float, most: int, moved: int) -> Iterator[str]:
    """Open findings upwards, the errors at the bottom; what came above, what went below."""
    bottom = _TOP + _OPEN
    for kind, field in _KINDS:
        tall = _OPEN * getattr(line, field) / most
        if tall:
            yield box(left, bottom - tall, wide, tall, kind)
        bottom -= tall
    middle = _middle()
    if line.came:
        tall = _MOVED * line.came / moved
        yield box(left, middle - tall, wide, tall, "came")
    if line.went:
        yield box(left, middle, wide, _MOVED * line.went / moved, "went")
    verdict = line.verdict if line.verdict in _VERDICTS else "NONE"
    yield box(left, _TOP + _OPEN + 4, wide, 6, f"bar {verdict}")


def _told(line: Line) -> str:
    word = _VERDICTS.get(line.verdict, line.verdict)
    return (
        f"#{line.seq} {_minute(line)}: {word}, {line.errors} errors, {line.warnings} warnings, "
        f"{line.notes} notes, {line.came} new, {line.went} gone"
    )


def _minute(line: Line) -> str:
    return line.at[:16].replace("T", " ")


def _dates(shown: Sequence[Line], step: float) -> Iterator[str]:
    """The day below a column, as often as there is room."""
    every = max(int(_DATES // step) + 1, 1)
    last = len(shown) * step
    for number in range(0, len(shown), every):
        if number == 0 or last - number * step > _DATES:
            y = _middle() + _MOVED + LINE + 4
            yield label(shown[number].at[:_DATE], _LEFT + number * step, y, "small")


def _row(line: Line) -> tuple[str, ...]:
    counts = (line.errors, line.warnings, line.notes, line.came, line.went)
    word = _VERDICTS.get(line.verdict, line.verdict)
    return str(line.seq), _minute(line), word, *map(str, counts)
