"""How grave a flaw is: as a source scored it, else by its CVSS vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from conda_preflight.documents.advisory import Advisory

_RATINGS = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"))
_KINDS = {"CVSS_V4": "CVSS4", "CVSS_V3": "CVSS3", "CVSS_V2": "CVSS2"}


def severity(records: Sequence[Advisory]) -> tuple[float | None, str]:
    """Score and rating of a flaw, by the first of its records that has one, best first.

    A rating in words stands where there is no score; (None, "") is UNKNOWN, which is never taken
    for harmless: what to do about it is a setting.
    """
    score = next((found for each in records if (found := _score(each)) is not None), None)
    words = next((each.rating for each in records if each.rating), "")
    return score, rating(score) if score is not None else words


def rating(score: float) -> str:
    """The word for a score, empty for 0.0. Source: https://www.first.org/cvss/v3.1/, table 14."""
    return next((word for least, word in _RATINGS if score >= least), "")


def _score(record: Advisory) -> float | None:
    return record.score if record.score is not None else vector_score(record.vectors)


def vector_score(vectors: Iterable[tuple[str, str]]) -> float | None:
    """The base score of the newest kind of vector that can be read; None without any."""
    kinds = dict(vectors)
    scored = (_scored(kind, kinds[kind]) for kind in _KINDS if kind in kinds)
    return next((found for found in scored if found is not None), None)


@lru_cache(maxsize=4096)
def _scored(kind: str, vector: str) -> float | None:
    """The score by the library ``cvss``; None for a vector that it refuses."""
    import cvss

    try:
        return float(getattr(cvss, _KINDS[kind])(vector).scores()[0])
    except (cvss.CVSSError, ValueError, KeyError, ArithmeticError, LookupError):
        return None
