"""The facts in uv's explanation of a conflict.

uv proves that there is no solution: "Because a==1 depends on c<2 and you require a, we can
conclude that ...". The premises are facts of the index and of the question; conclusions
follow from them and are left out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from conda_preflight.facts.names import normalized
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type, value_type

T = TypeVar("T")
_MAX_SHOWN = 48
_WORDS = "and|or|of|one|all|versions|we|can|conclude|that|because"
_NAME = (
    rf"(?<![\w.-])(?!(?:{_WORDS})\b)([A-Za-z0-9][\w.-]{{0,127}})"
    r"(?:\[[^\]\n]{0,256}\])?(?:\{[^}\n]{0,512}\})?"
)
_CLAUSES = r"[<>=!~]{1,3}[\w.*+!-]{1,128}(?:,[<>=!~]{1,3}[\w.*+!-]{1,128}){0,63}"
_TERM = rf"{_NAME}({_CLAUSES})?"
_PLAIN = re.sub(r"\((?!\?)", "(?:", _TERM)
_LIST = rf"((?:{_PLAIN} ?){{1,256}})"
_NEEDS = lazy_pattern(rf"{_TERM} depends? on (?:(?:one|all) of: )?{_LIST}")
_AVAILABLE = lazy_pattern(
    rf"only (?:the following versions of {_PLAIN} are available: {_LIST}|({_PLAIN}) is available)"
)
_PYTHON = lazy_pattern(rf"{_TERM} (?:requires?|depends? on) Python ?({_CLAUSES})")
_ONE = lazy_pattern(_TERM)
_UNFIT = lazy_pattern(rf"{_PLAIN} has no (?:usable wheels|wheels with)")
_BROKEN = lazy_pattern(rf"{_PLAIN} has (?:invalid|inconsistent) metadata")
_UNKNOWN = lazy_pattern(rf"{_PLAIN} was not found in")
_NO_VERSION = lazy_pattern(rf"there (?:is|are) no versions? of {_PLAIN}")
_BUILDS = lazy_pattern(
    r"Wheels are required for `([\w.-]{1,128})` because building from source is disabled"
    r"|Building source distributions for `([\w.-]{1,128})` is disabled"
)
_ADDRESSES = lazy_pattern(r"conflicting URLs for package `([\w.-]{1,128})`")
_DECORATION = lazy_pattern(r"[\u00d7\u2570\u2500\u25b6\u251c\u2502]|\bcause:")


@value_type
class Term:
    """A project, and which of its versions: any of ``specs``, all where there are none."""

    name: str
    specs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " or ".join(f"{self.name}{spec}" for spec in _joint(self.specs)) or self.name


@document_type
class Proof:
    """What a conflict was made of, in the order of the explanation.

    ``needs`` are pairs of a project and what it needs, ``python`` of a project and the
    Pythons that it takes; ``available`` are all versions that there are of some projects;
    ``required`` is what the question asks for itself; ``addresses`` are projects that are
    to come from two addresses at once.
    """

    needs: tuple[tuple[str, Term], ...]
    required: tuple[Term, ...]
    available: tuple[Term, ...]
    python: tuple[tuple[str, str], ...]
    unfit: tuple[str, ...]
    broken: tuple[str, ...]
    unknown: tuple[str, ...]
    no_version: tuple[Term, ...]
    to_build: tuple[str, ...]
    addresses: tuple[str, ...]


def read_proof(text: str) -> Proof:
    """The facts of an explanation; an unknown wording gives fewer of them."""
    line = " ".join(_DECORATION.sub(" ", text).split())
    return Proof(
        needs=_once(_needs(line)),
        required=_once(_required(line)),
        available=_once(t for m in _AVAILABLE.finditer(line) for t in _joined(m[1] or m[2])),
        python=_once((normalized(m[1]), _spec(m[3])) for m in _PYTHON.finditer(line)),
        unfit=_named(_UNFIT, line),
        broken=_named(_BROKEN, line),
        unknown=_named(_UNKNOWN, line),
        no_version=_once(t for m in _NO_VERSION.finditer(line) for t in _terms(m[0])[-1:]),
        to_build=_once(normalized(a or b) for a, b in _BUILDS.findall(line)),
        addresses=_once(normalized(name) for name in _ADDRESSES.findall(line)),
    )


def _required(line: str) -> Iterator[Term]:
    for part in line.split("you require")[1:]:
        yield from _terms(part.partition("we can conclude")[0])


def _needs(line: str) -> Iterator[tuple[str, Term]]:
    for found in _NEEDS.finditer(line):
        for term in _joined(found[3]):
            if term.name != "python":
                yield normalized(found[1]), term


def _joined(text: str) -> Iterator[Term]:
    """The terms of a list, those of one project as one."""
    specs: dict[str, tuple[str, ...]] = {}
    for term in _terms(text):
        specs[term.name] = (*specs.get(term.name, ()), *term.specs)
    return (Term(name, found) for name, found in specs.items())


def _named(wording: re.Pattern[str], line: str) -> tuple[str, ...]:
    return _once(t.name for found in wording.finditer(line) for t in _terms(found[0])[:1])


def _terms(text: str) -> list[Term]:
    return [
        Term(normalized(m[1].rstrip(".")), (_spec(m[2]),) if m[2] else ())
        for m in _ONE.finditer(text)
    ]


def _spec(text: str) -> str:
    return text.rstrip(".,")


def _joint(specs: tuple[str, ...]) -> tuple[str, ...]:
    """Intervals with one version between them as one: uv writes ``!=2`` as ``<2 or >2``.

    A long row of such versions is left out, and so is ``.dev0`` after an upper bound.
    """
    joint: list[list[str]] = []
    for clauses in (spec.split(",") for spec in specs):
        gap = clauses[0].removeprefix(">")
        if joint and joint[-1][-1] == f"<{gap}":
            joint[-1][-1:] = [f"!={gap}", *clauses[1:]]
        else:
            joint.append(clauses)
    return tuple(_short([clause.removesuffix(".dev0") for clause in each]) for each in joint)


def _short(clauses: list[str]) -> str:
    text = ",".join(clauses)
    bounds = ",".join(clause for clause in clauses if not clause.startswith("!="))
    return text if len(text) <= _MAX_SHOWN else bounds or text[:_MAX_SHOWN]


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
