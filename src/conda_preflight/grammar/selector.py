"""Platform selectors: the word in ``- cudatoolkit  # [linux]``, and what it says of a platform.

Sources: conda-lock's documentation of platform selectors, and conda-build's of preprocessing
selectors, whose names conda-lock took over.
"""

from __future__ import annotations

from functools import lru_cache

MAX_LENGTH = 200
_SYSTEMS = ("linux", "osx", "win", "unix", "emscripten", "wasi", "freebsd")
_MACHINES = {
    "64": ("x86_64", "64"),
    "32": ("x86", "32"),
    "aarch64": ("aarch64",),
    "arm64": ("arm64",),
    "ppc64le": ("ppc64le",),
    "s390x": ("s390x",),
    "armv6l": ("armv6l",),
    "armv7l": ("armv7l",),
    "riscv64": ("riscv64",),
}
_WORDS = frozenset(
    (
        *_SYSTEMS,
        *(word for words in _MACHINES.values() for word in words if not word.isdigit()),
        *(f"{system}{bits}" for system in ("linux", "osx", "win") for bits in ("64", "32")),
    )
)


@lru_cache(maxsize=1024)
def holds(selector: str, platform: str) -> bool | None:
    """Whether a selector (``linux``, ``not win``) takes a subdir; None where it is no such word."""
    if len(selector) > MAX_LENGTH or "-" not in platform:
        return None
    true = _words_of(platform)
    answers: list[bool] = []
    for choice in f" {selector.lower()} ".replace("!", " not ").split(" or "):
        terms = [_term(term.split(), true) for term in choice.split(" and ")]
        if None in terms:
            return None
        answers.append(all(terms))
    return any(answers)


def _term(words: list[str], true: frozenset[str]) -> bool | None:
    negated = words[:1] == ["not"]
    rest = words[1:] if negated else words
    if len(rest) != 1 or rest[0] not in _WORDS:
        return None
    return (rest[0] in true) != negated


def _words_of(platform: str) -> frozenset[str]:
    system, _, machine = platform.partition("-")
    names = _MACHINES.get(machine, ())
    joined = (f"{system}{name}" for name in names if name.isdigit())
    unix = ("unix",) if system in ("linux", "osx", "freebsd") else ()
    return frozenset((system, *unix, *names, *joined))
