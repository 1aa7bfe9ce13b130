"""What a text suggests about where a flaw matters, for whoever judges it."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.documents.advisory import Advisory
from conda_preflight.pattern import lazy_pattern

_HINTS = (
    (lazy_pattern(r"\bwindows\b"), "its text speaks of Windows"),
    (
        lazy_pattern(r"\bgithub actions?\b|\bci(?:/cd)? (?:workflow|pipeline)s?\b|\bdockerfile\b"),
        "its text speaks of a workflow or a Dockerfile, maybe not of the package",
    ),
    (
        lazy_pattern(r"\bgnutls\b|\bwolfss[lh]\b|\bschannel\b|\bmbedtls\b|\brustls\b"),
        "its text speaks of one back end, which the package may be built without",
    ),
    (lazy_pattern(r"\bdisputed?\b|\bdisputes\b"), "somebody disputes it"),
)


def hints(records: Sequence[Advisory], own: str) -> tuple[str, ...]:
    """Sentences about texts; ``own`` is the product, which is no back end of itself."""
    text = " ".join(f"{each.summary} {each.words}" for each in records).lower()
    return tuple(told for pattern, told in _HINTS if (m := pattern.search(text)) and m[0] != own)
