"""What a file of the project is for, by its path: code that runs, or what stands beside it."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_BESIDE = lazy_pattern(
    r"(?i)(?:.*/)?(?:"
    r"(?:tests?|test[-_]data|testing|docs?|examples?|benchmarks?|demos?|tutorials?|tools?|ci|dev|devtools?|contrib"
    r"|third[-_]?party|vendor(?:ed)?|_vendor|extern(?:al)?s?|submodules?|legacy|deprecated|archive"
    r"|old|templates?|experimental|packaging|\.[^/]+)/.*"
    r"|(?:setup|conftest|noxfile|conf|fabfile|tasks|versioneer|hubconf|test_[^/]*|[^/]*_tests?)\.py"
    r")"
)


def is_beside(path: str) -> bool:
    """Whether it is a test, an example, documentation, a tool or somebody else's code.

    Such files often run in another environment than the one that is declared.
    """
    return bool(_BESIDE.fullmatch(path[:1000]))


def is_template(path: str) -> bool:
    """Whether it is a file that a generator of projects fills in."""
    return "{{" in path or "{%" in path
