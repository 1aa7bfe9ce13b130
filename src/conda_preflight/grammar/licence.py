"""Licences as packages state them, and as SPDX expressions.

Sources: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/, PEP 639. The list of
identifiers and the grammar are those of the library license-expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from conda_preflight.facts.licence_spellings import COMMON, spellings
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

if TYPE_CHECKING:
    from license_expression import Licensing

MAX_TEXT = 1000
"""Characters beyond which a text is a whole licence, or an attack, and no name of one."""
_MAX_DEPTH = 40

_CLASSIFIER = "License :: "
_SAYS_NOTHING = frozenset(("", "unknown", "none", "noassertion", "license", "osi approved"))
_SPACE = lazy_pattern(r"\s+")
_OPERATOR = lazy_pattern(r"(\s(?:and|or|with)\s)")
_REFERENCE = lazy_pattern(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")


@value_type
class Licence:
    """A licence: the text as written, and its SPDX expression, empty where that is not known."""

    text: str
    expression: str = ""


def licence_of(text: str) -> Licence:
    """What a text of a conda record or of a wheel's metadata means; ``;`` divides classifiers."""
    plain = _SPACE.sub(" ", text[: 2 * MAX_TEXT]).strip()
    return _read(plain) if len(plain) <= MAX_TEXT else Licence(plain[:MAX_TEXT].strip())


def rank(expression: str, of_one: Callable[[str], int]) -> int:
    """The rank of an expression by those of its licences: the worst of AND, the best of OR.

    A licence with an exception is one (``GPL-3.0-only WITH GCC-exception-3.1``). The expression
    must be one that ``licence_of`` gave.
    """
    if " " not in expression:
        return of_one(expression)
    return _rank(_licensing().parse(expression), of_one)


def licences_in(expression: str) -> tuple[str, ...]:
    """Each licence of an expression once, with its exception, in the order of the text."""
    found: dict[str, None] = {}

    def note(one: str) -> int:
        found.setdefault(one)
        return 0

    rank(expression, note)
    return tuple(found)


@lru_cache(maxsize=4096)
def _read(text: str) -> Licence:
    shown, plain = text, text
    if text.startswith(_CLASSIFIER):
        names = [n for n in _classifiers(text) if n.lower() not in _SAYS_NOTHING]
        shown, plain = "; ".join(names), names[0] if len(names) == 1 else ""
    if plain.lower() in _SAYS_NOTHING:
        return Licence(shown if shown.lower() not in _SAYS_NOTHING else "")
    return Licence(shown, _known(plain) or _parsed(plain) or _parsed(_spelled(plain)))


def _classifiers(text: str) -> Iterator[str]:
    """The last words of each classifier."""
    for each in text.split(";"):
        yield each.rpartition("::")[2].strip()


def _known(text: str) -> str:
    """The expression of a text that a table has."""
    key = text.lower()
    if key in COMMON:
        return COMMON[key]
    return text if _REFERENCE.fullmatch(text) else spellings().get(key, "")


def _spelled(text: str) -> str:
    """The text with the words between its operators as SPDX spells them."""
    parts = _OPERATOR.split(text.replace(" AND ", " and ").replace(" OR ", " or "))
    words = (p.upper() if _OPERATOR.fullmatch(p) else _known(p) or p for p in parts)
    return "".join(words) if len(parts) > 1 else ""


def _parsed(text: str) -> str:
    """The expression as the library writes it, empty where it is none."""
    if not text or text.count("(") > _MAX_DEPTH:
        return ""
    licensing = _licensing()
    try:
        parsed = licensing.parse(text, strict=True)
        unknown = [text] if parsed is None else licensing.unknown_license_keys(parsed)
    except Exception:  # noqa: BLE001  (the library has several more for odd texts than its own)
        return ""
    if any(not _REFERENCE.fullmatch(key) for key in unknown):
        return ""
    return str(parsed.render())


def _rank(node: Any, of_one: Callable[[str], int]) -> int:  # noqa: ANN401  (the library has no types)
    licensing = _licensing()
    if isinstance(node, licensing.AND):
        return max(_rank(each, of_one) for each in node.args)
    if isinstance(node, licensing.OR):
        return min(_rank(each, of_one) for each in node.args)
    return of_one(node.render())


@cache
def _licensing() -> Licensing:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()
