"""PEP 440 versions and specifiers, as pip reads them; ``packaging`` decides, when it is needed."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

MAX_LENGTH = 4096
_RELEASE = r"v?(?:\d+!)?\d+(?:\.\d+)*"
_SUFFIX = r"(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?"
_LOCAL = r"(?:\+[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)?"
_PLAIN = lazy_pattern(
    rf"(?:[=!]=\s*{_RELEASE}(?:\.\*|{_SUFFIX}{_LOCAL})|(?:[<>]=?)\s*{_RELEASE}{_SUFFIX}"
    rf"|~=\s*{_RELEASE.replace('*', '+')}{_SUFFIX})"
)
_EXACT = lazy_pattern(r"==\s*[^*\s=$]+|===\s*[^$]+")


def is_specifier(text: str) -> bool:
    """Whether pip reads it as a specifier (``>=1,<2``); the empty text is one."""
    if len(text) > MAX_LENGTH:
        return False
    clauses = [clause.strip() for clause in text.split(",")]
    if all(_PLAIN.fullmatch(clause) for clause in clauses):
        return True
    return _set(text) is not None


def is_exact(specifier: str) -> bool:
    """Whether one clause allows a single version: ``==`` without a wildcard, or ``===``."""
    return any(_EXACT.fullmatch(clause.strip()) for clause in specifier.split(","))


def versions_allow(specifier: str, version: str) -> bool | None:
    """Whether the specifier allows the version, pre-releases included; None when unreadable.

    Source: PEP 440, "Version specifiers".
    """
    from packaging.version import InvalidVersion, Version

    found = _set(specifier)
    if found is None or len(version) > MAX_LENGTH:
        return None
    try:
        return bool(found.contains(Version(version), prereleases=True))  # type: ignore[attr-defined]
    except (InvalidVersion, ValueError):
        return None


def _set(text: str) -> object | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text) if len(text) <= MAX_LENGTH else None
    except (InvalidSpecifier, ValueError):
        return None
