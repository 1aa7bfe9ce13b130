"""What a package depends on, in the words of each format: maps, lists and PEP 508."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from conda_preflight.documents import Location
from conda_preflight.grammar import marker, pep440, poetry_version, requirement
from conda_preflight.pattern import lazy_pattern

_SPLIT = lazy_pattern(r"\s*([A-Za-z0-9_.-]+)\s*(.*)", re.DOTALL)
_EXTRAS = lazy_pattern(r"\[[^\]]*\]\s*")
_EXCEPT = lazy_pattern(
    r"<\s{0,3}([0-9A-Za-z.!+-]{1,80})\s{0,3}\|\|\s{0,3}>\s{0,3}\1(?![0-9A-Za-z.!+-])"
)
_NOWHERE = Location("")


def conda_map(depends: Iterable[str]) -> dict[str, str]:
    """Each package with what its version and build must be, by name."""
    found: dict[str, str] = {}
    for text in depends:
        name, constraint = _halves(text)
        found[name] = both(found[name], constraint) if name in found else constraint
    return dict(sorted(found.items()))


def both(one: str, other: str) -> str:
    """The constraint that two constraints of one package make: versions and builds."""
    if one in (other, "", "*") or other in ("", "*"):
        return other if one in ("", "*") else one
    (version, _, build), (second, _, built) = one.partition(" "), other.partition(" ")
    parts = [f"({v})" if "|" in v else v for v in (version, second) if v != "*"]
    return " ".join(filter(None, (",".join(dict.fromkeys(parts)) or "*", built or build)))


def pypi_map(depends: Iterable[str], platform: str, python: str) -> dict[str, str]:
    """Each project with its version specifier, by name, without those of other platforms."""
    found: dict[str, str] = {}
    for text in depends:
        wanted, _, condition = text.partition(";")
        if condition.strip() and marker.holds(condition.strip(), platform, python) is False:
            continue
        name, rest = _halves(wanted)
        tail = _EXTRAS.match(rest)
        specifier = _specifier((rest[tail.end() :] if tail else rest).strip("() \t"))
        found[name] = ",".join(dict.fromkeys(filter(None, (found.get(name), specifier))))
    return dict(sorted(found.items()))


@lru_cache(maxsize=8192)
def _specifier(text: str) -> str:
    """The versions as PEP 440 writes them; what cannot be said there, and a URL, is nothing."""
    plain = poetry_version.specifier(_EXCEPT.sub(r"!=\1", text))
    return plain if plain and pep440.is_specifier(plain) else ""


@lru_cache(maxsize=8192)
def pep508(text: str) -> str:
    """A dependency as PEP 508 writes it; one that cannot be said there loses its version."""
    if _is_pep508(text):
        return text
    name, rest = _halves(text)
    return f"{name} {_specifier(rest)}".rstrip()


def _is_pep508(text: str) -> bool:
    found = requirement.parse(text, _NOWHERE)
    return found.kind in ("name", "url", "vcs") and bool(found.name) and found.error is None


def _halves(text: str) -> tuple[str, str]:
    """The name and what follows; a channel before ``::`` belongs to the name."""
    if "::" in text:
        name, _, rest = text.strip().partition(" ")
        return name, rest.strip()
    match = _SPLIT.fullmatch(text)
    return (match[1], match[2].rstrip()) if match else (text.strip(), "")
