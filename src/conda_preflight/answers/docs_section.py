"""A section about an environment, by a template; equal values give an equal text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Template

from conda_preflight.answers.docs_description import Description
from conda_preflight.answers.docs_parts import PARTS
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.grammar.marked_section import BEGIN, END, Marks, marks_of, open_code
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_HEAD = "<!-- By `conda-preflight docs` on {}. Changes between the marks are lost. -->"
_DAY = lazy_pattern(r"<!-- By `conda-preflight docs` on (\d{4}-\d\d-\d\d)\.")
_HEADING = lazy_pattern(r"(#{1,6})[ \t]+[^\n]{1,200}$")
HEADING = "## Environment"
_WORDS = ("name", "verdict", "lock", "digest")


@value_type
class Shape:
    """How a section is written: which of PARTS, under which heading, empty for none.

    A ``template`` has ``${table}`` and the like in it and is all that is written, without a
    heading of ours.
    """

    parts: tuple[str, ...] = tuple(PARTS)
    heading: str = HEADING
    template: str = ""


def section(description: Description, day: str, shape: Shape) -> list[str]:
    """The lines between the two marks; ``day`` is an ISO date.

    Raises UsageError for a template with other placeholders, marks of its own or a code block
    without an end.
    """
    chosen = {name: PARTS[name][1](description) for name in shape.parts}
    if shape.template:
        made = _by_template(shape.template, chosen, description)
    else:
        made = [*_usual(chosen, shape.heading)]
    rows = [_HEAD.format(day), "", *_trimmed(made), ""]
    _verified(rows, shape.template)
    return rows


def day_of(rows: Sequence[str]) -> str:
    """The date that a section tells, empty where it tells none."""
    found = _DAY.match(rows[0]) if rows else None
    return found[1] if found else ""


def heading_of(rows: Sequence[str]) -> str:
    """The heading with which a section begins, empty where it begins with something else."""
    told = (row for row in rows if row.strip() and not row.lstrip().startswith("<!--"))
    first = next(told, "")
    return first.rstrip() if _HEADING.match(first) else ""


def _usual(chosen: Mapping[str, list[str]], heading: str) -> Iterator[str]:
    yield from (heading, "")
    found = _HEADING.match(heading)
    below = "#" * min(len(found[1]) + 1, 6) if found else "###"
    for name, lines in chosen.items():
        title = PARTS[name][0]
        if lines:
            yield from (f"{below} {title}", "") if title else ()
            yield from (*lines, "")


def _by_template(
    template: str, chosen: Mapping[str, list[str]], description: Description
) -> list[str]:
    words = {**{name: "\n".join(lines) for name, lines in chosen.items()}, **_words(description)}
    empty = dict.fromkeys(PARTS, "")
    try:
        text = Template(template).substitute({**empty, **words})
    except KeyError as error:
        known = ", ".join((*PARTS, *_WORDS))
        raise UsageError(f"The template asks for {error}", f"There are {known}.") from None
    except ValueError as error:
        raise UsageError(
            f"The template cannot be read: {error}", "Write $$ for a dollar."
        ) from None
    return [row.rstrip() for row in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _words(description: Description) -> dict[str, str]:
    from conda_preflight.writers.markdown import code

    first = description.locks[:1]
    told = (
        code(description.name) if description.name else "",
        description.verdict,
        *(code(file.path) for file in first),
        *(code(file.sha256) for file in first),
    )
    return {**dict.fromkeys(_WORDS, ""), **dict(zip(_WORDS, told, strict=False))}


def _trimmed(rows: list[str]) -> list[str]:
    """Without empty rows at both ends."""
    filled = [at for at, row in enumerate(rows) if row]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _verified(rows: Sequence[str], template: str) -> None:
    """Raise UsageError where the marks around the rows would not be found again."""
    try:
        found = marks_of([BEGIN, *rows, END])
    except ReadError as error:
        found, why = None, error.message
    else:
        why = f"a code block that begins on line {open_code(rows)} has no end"
    if found != Marks(1, len(rows) + 2):
        what = "The template makes" if template else "These names make"
        raise UsageError(f"{what} a section whose end would not be found again: {why}")
