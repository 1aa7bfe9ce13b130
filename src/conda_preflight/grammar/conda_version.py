"""The language of conda's version constraints: ``>=1.2,<2|=3.*``.

Source: the documentation of ``conda.models.version.VersionSpec`` and of MatchSpec.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import TypeAlias

from conda_preflight.grammar.conda_order import LOWEST, Version
from conda_preflight.grammar.conda_order import parse as version_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

MAX_LENGTH = 2048
MAX_DEPTH = 20
MAX_CHOICES = 256
_CLAUSE = lazy_pattern(r"(==|!=|<=|>=|~=|=|<|>)?\s*([^\s=<>!~]\S*)")
_TOKEN = lazy_pattern(r"[()|,]|[^()|,]+")


@value_type
class Clause:
    """One comparison; ``operator`` is "any", "prefix", "not-prefix", "glob", "~=" or as written."""

    operator: str
    text: str
    version: Version | None = None
    star: bool = False


Choices: TypeAlias = tuple[tuple[Clause, ...], ...]
"""Alternatives, each of clauses that all must hold."""


def matches(constraint: str, version: str) -> bool | None:
    """Whether conda's constraint takes the version; None where either is unreadable.

    A bare ``1.2`` is exact and ``=1.2`` takes every 1.2.x. Regular expressions
    (``^...$``) are not read.
    """
    choices, found = parse(constraint), version_of(version)
    if choices is None or found is None:
        return None
    text = version.strip().lower()
    return any(all(_holds(clause, found, text) for clause in choice) for choice in choices)


def is_exact(constraint: str) -> bool:
    """Whether it takes one version only: ``==1.2`` or a bare ``1.2``, in each alternative."""
    choices = parse(constraint)
    if not choices or len(choices) != 1:
        return False
    return any(clause.operator == "==" and not clause.star for clause in choices[0])


def pinned(constraint: str, level: int = 2) -> bool:
    """Whether it fixes the first ``level`` numbers of the version.

    ``=1.2``, ``1.2.*``, ``~=1.2.3`` and ``>=1.2,<1.3`` fix two; an exact version fixes all.
    """
    if is_exact(constraint):
        return True
    choices = parse(constraint)
    if not choices or len(choices) != 1:
        return False
    return _fixed(choices[0]) >= level


def contradicts(constraints: Sequence[str]) -> bool:
    """Whether it is certain that no version satisfies all of them.

    An unreadable constraint is taken for one that anything satisfies.
    """
    read = [choices for text in constraints if (choices := parse(text)) is not None]
    total = 1
    for choices in read:
        total *= len(choices)
    if not read or total > MAX_CHOICES:
        return False
    return all(_impossible([c for choice in chosen for c in choice]) for chosen in product(*read))


@lru_cache(maxsize=16384)
def parse(constraint: str) -> Choices | None:
    """The constraint as alternatives, None where conda cannot read it or it is a regex."""
    text = constraint.strip()
    if len(text) > MAX_LENGTH or text.startswith("^") or text.endswith("$"):
        return None
    if not text:
        return ((Clause("any", "*"),),)
    return _Parser(_TOKEN.findall(text)).whole()


class _Parser:
    """Reads ``|`` over ``,`` over parentheses into alternatives, within limits."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [token for token in (t.strip() for t in tokens) if token]
        self._at = 0

    def whole(self) -> Choices | None:
        found = self._either(0)
        return found if self._at == len(self._tokens) else None

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _either(self, depth: int) -> Choices | None:
        found = self._both(depth)
        while found is not None and self._next() == "|":
            self._at += 1
            more = self._both(depth)
            found = None if more is None else (*found, *more)
        return found

    def _both(self, depth: int) -> Choices | None:
        found = self._one(depth)
        while found is not None and self._next() == ",":
            self._at += 1
            more = self._one(depth)
            fits = more is not None and len(found) * len(more) <= MAX_CHOICES
            found = tuple((*a, *b) for a in found for b in more) if fits and more else None
        return found

    def _one(self, depth: int) -> Choices | None:
        token = self._next()
        self._at += 1
        if token == "(" and depth < MAX_DEPTH:  # noqa: S105  (a bracket)
            found = self._either(depth + 1)
            closed = self._next() == ")"
            self._at += 1
            return found if closed else None
        clause = _clause(token) if token not in ("", "(", ")", "|", ",") else None
        return ((clause,),) if clause else None


def _clause(token: str) -> Clause | None:
    if token == "*":  # noqa: S105  (a wildcard)
        return Clause("any", token)
    found = _CLAUSE.fullmatch(token)
    if found is None or found[2].strip("*") == "":
        return Clause("any", token) if found and found[1] in ("=", ">=") else None
    operator, text = found[1] or "", found[2]
    if not operator and "*" in text.rstrip("*"):
        return Clause("glob", text.lower())
    bare = text.removesuffix("*" if operator in ("", "=") else ".*")
    star = bare != text
    bare = bare.removesuffix(".") if star else bare
    version = version_of(bare)
    if version is None or "*" in bare or (operator == "~=" and (star or "." not in bare)):
        return None
    return Clause(_meaning(operator, star=star), bare, version, star)


def _meaning(operator: str, *, star: bool) -> str:
    if operator in ("", "==") and not (star and not operator):
        return "=="
    if operator in ("", "="):
        return "prefix"
    return "not-prefix" if operator == "!=" and star else operator


def _holds(clause: Clause, version: Version, text: str) -> bool:
    if clause.operator == "any":
        return True
    if clause.operator == "glob" or clause.version is None:
        return _glob(clause.text, text)
    if clause.operator in ("prefix", "not-prefix"):
        return version.starts_with(clause.version) == (clause.operator == "prefix")
    if clause.operator == "~=":
        return version >= clause.version and version.starts_with(_stem(clause))
    if clause.operator in ("==", "!="):
        return (version == clause.version) == (clause.operator == "==")
    if version == clause.version:
        return clause.operator.endswith("=")
    return (version < clause.version) == clause.operator.startswith("<")


def _glob(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern with stars, in linear steps."""
    first, *rest = pattern.split("*")
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in rest[:-1]:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(text) - len(rest[-1]) >= at and text.endswith(rest[-1])


def _stem(clause: Clause) -> Version:
    """What ``~=1.2.3`` keeps: 1.2."""
    return version_of(clause.text.rpartition(".")[0]) or Version(((0,),))


def _impossible(clauses: list[Clause]) -> bool:
    pins = [c for c in clauses if c.operator == "==" and not c.star]
    others = [_wide(c) for c in clauses if c.operator != "glob"]
    for pin in pins:
        if pin.version and not all(_holds(other, pin.version, pin.text) for other in others):
            return True
    lows = [bound for clause in clauses for bound in _lower(clause)]
    highs = [bound for clause in clauses for bound in _upper(clause)]
    return any(
        low > high or (low == high and not (closed_low and closed_high))
        for low, closed_low in lows
        for high, closed_high in highs
    )


def _wide(clause: Clause) -> Clause:
    """``==1.2.*`` and ``<=1.2.*`` as the most that any solver takes them for."""
    if not clause.star or clause.operator in ("prefix", "not-prefix"):
        return clause
    return Clause("prefix" if clause.operator == "==" else "any", clause.text, clause.version)


def _lower(clause: Clause) -> Iterator[tuple[Version, bool]]:
    wide = _wide(clause)
    if clause.operator in (">", ">=", "~=") and clause.version:
        yield clause.version, clause.operator != ">" or clause.star
    elif wide.operator == "==" and wide.version:
        yield wide.version, True
    if stem := _prefix(wide):
        parts = stem.parts
        yield Version((*parts[:-1], (*parts[-1], LOWEST))), True


def _upper(clause: Clause) -> Iterator[tuple[Version, bool]]:
    wide = _wide(clause)
    if wide.operator in ("<", "<=", "==") and wide.version:
        yield wide.version, wide.operator != "<"
    if stem := _prefix(wide):
        *before, last = stem.parts[-1]
        if isinstance(last, int):
            yield Version((*stem.parts[:-1], (*before, last + 1, LOWEST))), False


def _prefix(clause: Clause) -> Version | None:
    """The prefix that every version must have, where it ends with a number."""
    found = _stem(clause) if clause.operator == "~=" else clause.version
    usable = clause.operator in ("~=", "prefix") and found and not found.local
    return found if usable and found and isinstance(found.parts[-1][-1], int) else None


def _fixed(clauses: tuple[Clause, ...]) -> int:
    """How many leading numbers are the same in all versions that the clauses take."""
    stems = [len(stem.parts) - 1 for c in clauses if (stem := _prefix(c))]
    lows = [c.version for c in clauses if c.operator in (">", ">=", "~=") and c.version]
    highs = [c.version for c in clauses if c.operator in ("<", "<=") and c.version]
    shared = [_shared(low, high) for low in lows for high in highs]
    return max([*stems, *shared], default=0)


def _shared(low: Version, high: Version) -> int:
    """Leading numbers that two bounds agree on: 2 for 1.2 and 1.3, for 1.2.4 and 1.3.0a0."""
    count = 0
    for one, other in islice(zip(low.parts, high.parts, strict=False), 1, None):
        if one[:1] != other[:1]:
            rest = high.parts[count + 2 :]
            step = isinstance(one[0], int) and other[0] == one[0] + 1
            nothing = all(part[:1] == (0,) for part in rest)
            return count + 1 if step and nothing else count
        count += 1
    return count
