"""Vulnerabilities in words: a message, a row below its package, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from conda_preflight.advisories.weighing import rating
from conda_preflight.documents import Package
from conda_preflight.documents.advisory import Vulnerability

_SUMMARY = 120
_ONE = 0.01
_NOTES = 3
_WAYS = {
    "upstream": "the project's own advisory",
    "vendor": "the vendor's advisory",
    "advisory": "an advisory for this package",
    "cpe": "a CPE of the product",
    "repackager": "another packager's advisory",
    "rule": "a rule without an advisory",
}


def spelled(package: Package) -> str:
    """``openssl 1.1.1w h7f98852_0``."""
    return " ".join(filter(None, (package.name, package.version, package.build)))


def message(found: Vulnerability) -> str:
    """What is wrong with which package, and by what that is known."""
    also = f" (also {', '.join(found.ids[1:4])})" if found.ids[1:] else ""
    summary = f": {cut(found.summary)}" if found.summary else ""
    stop = "" if summary.endswith("...") else "."
    facts = ", ".join(_facts(found))
    facts = facts[:1].upper() + facts[1:]
    product = _product(found)
    known = f"Known by {_WAYS.get(found.evidence, 'a record')}: {found.matched}."
    hints = "".join(f" {note[:1].upper()}{note[1:]}." for note in found.notes[:_NOTES])
    lead = f"{spelled(found.package)}{product} has {found.ids[0]}{also}"
    return f"{lead}{summary}{stop} {facts}. {known}{hints}"


def row(found: Vulnerability) -> str:
    """``CVE-2024-28219: high 8.1, fixed in 10.3.0: Buffer overflow in ...``."""
    summary = f": {cut(found.summary)}" if found.summary else ""
    hint = f" ({found.notes[0]})" if found.notes else ""
    return f"{found.ids[0]}: {', '.join(_facts(found))}{summary}{hint}"


def group(package: Package) -> str:
    """The words above all vulnerabilities of one package."""
    return f"{spelled(package)} has known vulnerabilities"


def cut(text: str) -> str:
    """The text in one line, without its end where it is long."""
    line = " ".join(text.split()).rstrip(".")
    if len(line) <= _SUMMARY:
        return line
    return line[:_SUMMARY].rpartition(" ")[0].rstrip(",;:") + " ..."


def _product(found: Vulnerability) -> str:
    identity = found.identity
    other = identity.version if identity.version != found.package.version else ""
    if not other and identity.name == found.package.name.replace("_", "-"):
        return ""
    return f" ({' '.join(filter(None, (identity.name, other)))})"


def _facts(found: Vulnerability) -> Iterator[str]:
    word = rating(found) or "severity unknown"
    yield f"{word} {found.score:.1f}" if found.score is not None else word
    if found.exploited:
        yield f"exploited (listed by CISA on {found.exploited})"
    if found.likelihood is not None:
        yield f"EPSS {found.likelihood:.0%}" if found.likelihood >= _ONE else "EPSS below 1%"
    yield f"fixed in {', '.join(found.fixed[:3])}" if found.fixed else "no fix known"


def product_purls(found: Vulnerability) -> tuple[str, ...]:
    """The package URL of a project of PyPI that the package is, beside its own."""
    identity = found.identity
    if identity.ecosystem != "PyPI" or found.package.manager == "pypi":
        return ()
    return (f"pkg:pypi/{quote(identity.name)}@{quote(identity.version, safe='')}",)


def names(some: Sequence[str], most: int = 12) -> str:
    """The first of these, and how many more there are."""
    left = len(some) - most
    return ", ".join(some[:most]) + (f" and {left} more" if left > 0 else "")
