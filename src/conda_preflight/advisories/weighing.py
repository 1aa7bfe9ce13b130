"""How much one vulnerability weighs, by what a project has decided."""

from __future__ import annotations

from conda_preflight.documents.advisory import Vulnerability
from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type

RATINGS = ("low", "medium", "high", "critical")
EVIDENCE = ("upstream", "vendor", "advisory", "cpe", "repackager", "rule")
"""From the best evidence to the weakest."""

_FROM = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
"""Source: CVSS v3.1 and v4.0, "Qualitative Severity Rating Scale"."""


@value_type
class Policy:
    """What makes a vulnerability an error: the settings of ``vuln/known``, by their names there."""

    fail_severity: str = "high"
    unknown: str = "warn"
    kev: bool = True
    epss: float = 0.0
    only_fixed: bool = False
    min_evidence: str = "cpe"

    def refuse_wrong(self) -> None:
        """Raise UsageError for a word that means nothing."""
        for value, key, known in (
            (self.fail_severity, "fail-severity", (*RATINGS, "never")),
            (self.unknown, "unknown", ("warn", "fail")),
            (self.min_evidence, "min-evidence", EVIDENCE),
        ):
            if value not in known:
                raise UsageError(f"{key} is {', '.join(known)}, not {value!r}")


def rating(found: Vulnerability) -> str:
    """The rating in a lower-case word; empty where nobody has scored it."""
    if found.rating.lower() in RATINGS:
        return found.rating.lower()
    score = found.score or 0.0
    return next((word for least, word in _FROM if score >= least), "")


def gravity(found: Vulnerability) -> float:
    """The score, or what the rating begins with; what is exploited is above all that is not."""
    scores = {word: least for least, word in _FROM}
    score = found.score if found.score is not None else scores.get(rating(found), 0.0)
    return score + (10.0 if found.exploited else 0.0)


def weight(found: Vulnerability, policy: Policy) -> str:
    """An "error" where the policy says so, a "note" for weak evidence, else a "warning"."""
    if not _is_evident(found, policy):
        return "note"
    if policy.only_fixed and not found.fixed:
        return "note"
    return "error" if _fails(found, policy) else "warning"


def _is_evident(found: Vulnerability, policy: Policy) -> bool:
    known = found.evidence if found.evidence in EVIDENCE else EVIDENCE[-1]
    return EVIDENCE.index(known) <= EVIDENCE.index(policy.min_evidence)


def _fails(found: Vulnerability, policy: Policy) -> bool:
    if policy.kev and found.exploited:
        return True
    if 0 < policy.epss <= (found.likelihood or 0.0):
        return True
    if word := rating(found):
        least = policy.fail_severity
        return least in RATINGS and RATINGS.index(word) >= RATINGS.index(least)
    return policy.unknown == "fail"
