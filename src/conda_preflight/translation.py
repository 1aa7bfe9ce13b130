"""What a report says to people, in another language.

Rules say English sentences. A finished sentence is held against the templates of its rule in
the table of the language; what stood in the holes of the template is carried over as it is.
Where no template fits, or one fits in more than one way, the English sentence stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product

from conda_preflight.language import table
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.report import Changes, Finding, Outcome, Problem, Report, Status

ANY_RULE = "*"
"""The part of a table for texts that many rules say, and for the report's own."""
PHRASES = "phrases"
"""The part for words of our own that stand in holes, also a single one where ``{0+}`` asks."""
_ALSO = {"input/unreadable": "errors/*"}
"""Rules that pass on what another part of a table holds."""
_HOLE = lazy_pattern(r"\{(?:(\d\d?)([+.]?)|([^{}]*\|[^{}]*))\}")


@value_type
class Template:
    """The literal parts of an English sentence, and its translation.

    ``words`` are the holes in which one word alone may stand: ``{0.}`` in the English text.
    """

    literals: tuple[str, ...]
    answer: str
    words: tuple[int, ...] = ()


def translated(report: Report, language: str) -> Report:
    """The report with what people read in another language; names, places and digests stay.

    Its rules stay too, since they are not loaded before something is asked of them.
    """
    return replace(
        report,
        reasons=tuple(sentence(each, language) for each in report.reasons),
        outcomes=tuple(_outcome(outcome, language) for outcome in report.outcomes),
        inputs=tuple(replace(i, note=sentence(i.note, language)) for i in report.inputs),
        changes=_changes(report.changes, language) if report.changes else None,
    )


def _outcome(outcome: Outcome, language: str) -> Outcome:
    told = outcome.reason
    if outcome.status is not Status.CRASHED:
        told = sentence(told, language, outcome.rule)
    found = tuple(_finding(each, language) for each in outcome.findings)
    return replace(outcome, reason=told, findings=found)


def _finding(finding: Finding, language: str) -> Finding:
    problem: Problem = finding.problem
    told = (problem.message, problem.fix, problem.group, problem.row)
    message, fix, group, row = (sentence(text, language, finding.rule) for text in told)
    words = replace(problem, message=message, fix=fix, group=group, row=row)
    return replace(finding, problem=words, muted=sentence(finding.muted, language))


def _changes(changes: Changes, language: str) -> Changes:
    return replace(
        changes,
        gained=tuple(_finding(each, language) for each in changes.gained),
        lost=tuple(_finding(each, language) for each in changes.lost),
        notes=tuple(sentence(note, language) for note in changes.notes),
    )


def sentence(text: str, language: str, rule: str = ANY_RULE) -> str:
    """One text of a rule in the language, the text itself where it has no translation."""
    for part in dict.fromkeys((rule, _ALSO.get(rule, ANY_RULE), ANY_RULE)) if text else ():
        for template in templates(language, part):
            holes = filling(template.literals, text)
            if holes is not None and not any(" " in holes[number] for number in template.words):
                return _filled(template.answer, holes, language)
    return text


def _filled(answer: str, holes: tuple[str, ...], language: str) -> str:
    """The translation with the texts of the holes, each put in once and never read again.

    Several words that are a phrase of our own are told in the language too; quoted ones are not.
    """

    def put(found: re.Match[str]) -> str:
        text = holes[int(found[1])]
        quoted = answer[: found.start()].endswith("`")
        phrase = found[2] == "+" or (" " in text and not quoted)
        return sentence(text, language, PHRASES) if phrase else text

    return _HOLE.sub(put, answer)


def filling(literals: tuple[str, ...], text: str) -> tuple[str, ...] | None:
    """What stands between the literals of a text; None where that can be read in several ways.

    Every literal is looked for from the left and from the right: there is one way when both
    find the same places. Where they do not, the way from the left is taken if all holes but
    the last are single words. Time is that of a search for each literal.
    """
    first, last = literals[0], literals[-1]
    if len(literals) == 1:
        return () if text == first else None
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or end < len(first):
        return None
    starts, at = [], len(first)
    for literal in literals[1:-1]:
        found = text.find(literal, at, end)
        if found < 0:
            return None
        starts.append(found)
        at = found + len(literal)
    holes = _between(literals, text, starts)
    plain = _only(literals, text, starts, end) or not any(" " in each for each in holes[:-1])
    return holes if plain else None


def _only(literals: tuple[str, ...], text: str, starts: list[int], end: int) -> bool:
    for literal, start in zip(literals[-2:0:-1], reversed(starts), strict=True):
        end = text.rfind(literal, len(literals[0]), end)
        if end != start:
            return False
    return True


def _between(literals: tuple[str, ...], text: str, starts: list[int]) -> tuple[str, ...]:
    begins = [0, *starts, len(text) - len(literals[-1])]
    ends = [begin + len(literal) for begin, literal in zip(begins, literals, strict=True)]
    return tuple(text[a:b] for a, b in zip(ends, begins[1:], strict=False))


@cache
def templates(language: str, rule: str) -> tuple[Template, ...]:
    """The templates of a rule, those with the most text of their own first."""
    family = rule.partition("/")[0] if "/" in rule else "shared"
    texts = _table(language, family).get(rule, {})
    found = [each for english, answer in texts.items() for each in _template(english, answer)]
    return tuple(sorted(found, key=lambda each: -sum(map(len, each.literals))))


@cache
def _table(language: str, family: str) -> Mapping[str, Mapping[str, str]]:
    return table(language, family)


def _template(english: str, answer: str) -> Iterator[Template]:
    """One template for each way to read the choices (``{|s}``) in a text."""
    for text in choices(english):
        parts = _HOLE.split(text)
        literals = tuple(parts[:: _HOLE.groups + 1])
        words = (int(n) for n, kind in zip(parts[1::4], parts[2::4], strict=True) if kind == ".")
        if answer and all(literals[1:-1]):
            yield Template(literals, answer, tuple(words))


def choices(english: str) -> Iterator[str]:
    """The texts that ``2 package{|s}`` stands for: ``2 package`` and ``2 packages``."""
    parts = _HOLE.split(english)
    plain, holes = parts[::4], zip(parts[1::4], parts[2::4], parts[3::4], strict=True)
    ways = [
        pick.split("|") if pick is not None else [f"{{{number}{kind}}}"]
        for number, kind, pick in holes
    ]
    for chosen in product(*ways):
        yield "".join(a + b for a, b in zip(plain, (*chosen, ""), strict=True))
