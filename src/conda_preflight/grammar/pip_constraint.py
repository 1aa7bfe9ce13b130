"""A specifier of pip as a constraint in conda's language, so that both can be weighed together.

Sources: PEP 440 and the documentation of conda's ``VersionSpec``.
"""

from __future__ import annotations

from conda_preflight.grammar import conda_version
from conda_preflight.pattern import lazy_pattern

_CLAUSE = lazy_pattern(r"(===|==|!=|<=|>=|~=|<|>)v?(.+)")
_PLAIN = frozenset("0123456789.,|*=<>!~")


def to_conda(specifier: str) -> str:
    """``==2.0.*`` as ``2.0.*``; a local part (``+cu118``) is left out, conda has none.

    A clause that cannot be read is left out as well.
    """
    found = [_CLAUSE.fullmatch(part.strip()) for part in "".join(specifier.split()).split(",")]
    return ",".join(_clause(match[1], match[2]) for match in found if match)


def _clause(operator: str, version: str) -> str:
    public = version.partition("+")[0]
    if operator in ("==", "===") and public.endswith(".*"):
        return public
    return f"{'==' if operator == '===' else operator}{public}"


def contradicts(*constraints: str) -> bool:
    """Whether constraints in conda's language cannot all hold, sure only for plain releases.

    Pre-releases and letters sort otherwise for pip, so with them the answer is no.
    """
    plain = all(_PLAIN.issuperset(text.replace(".post", "")) for text in constraints)
    return plain and conda_version.contradicts(constraints)
