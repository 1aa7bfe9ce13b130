"""Poetry's carets and tildes as PEP 440 says the same.

Source: poetry's documentation of dependency specification.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_TERM = lazy_pattern(r"(\^|~(?!=))[ \t]*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})([A-Za-z0-9.+-]{0,40})")


def specifier(text: str) -> str:
    """``^1.2`` as ``>=1.2,<2``; a bare version is ``==``, a star is nothing; alternatives stay."""
    if "|" in text:
        return text.strip()
    terms = (_term(term.strip()) for term in text.split(","))
    return ",".join(term for term in terms if term)


def _term(term: str) -> str:
    if term in ("", "*"):
        return ""
    found = _TERM.fullmatch(term)
    if found is None:
        return f"=={term}" if term[0].isdigit() else term
    sign, version, rest = found.groups()
    numbers = [int(part) for part in version.split(".")]
    return f">={version}{rest},<{_next(sign, numbers)}"


def _next(sign: str, numbers: list[int]) -> str:
    """The first version that no longer fits: a caret keeps the first number that is not zero."""
    if sign == "~":
        at = min(1, len(numbers) - 1)
    else:
        at = next((n for n, value in enumerate(numbers) if value), len(numbers) - 1)
    return ".".join(str(n) for n in (*numbers[:at], numbers[at] + 1))
