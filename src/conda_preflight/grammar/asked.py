"""Who asks for a package, in either half of a manifest, and which releases that leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.documents import Location, Manifest, Requirement, Requirements, Spec
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.pip_constraint import to_conda
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_SHOWN = 90
_LOCAL = lazy_pattern(r"\+([A-Za-z0-9._]+)")
_WITH_VERSION = ("name", "url")


@document_type
class Asked:
    """One line that asks for a package; ``half`` is "conda" or "pip".

    ``constraint`` is in conda's language, without local part, and empty where any release
    will do; ``local`` is ``cu118`` for ``2.0.1+cu118``; ``condition`` is what must hold for
    the line to count, a selector or a marker.
    """

    half: str
    name: str
    text: str
    constraint: str
    location: Location
    local: str = ""
    build: str = ""
    channel: str = ""
    condition: str = ""
    extras: tuple[str, ...] = ()
    url: str = ""

    def allows(self, version: str) -> bool:
        """Whether the line takes this release; no where its constraint is not readable."""
        return not self.constraint or bool(matches(self.constraint, version))

    def of(self, releases: Iterable[str]) -> tuple[str, ...]:
        """Those of the releases that the line takes."""
        return tuple(release for release in releases if self.allows(release))


def asked(doc: Manifest | Requirements, *names: str) -> tuple[Asked, ...]:
    """The lines of both halves that ask for one of these packages, conda's first."""
    return (*by_conda(doc, *names), *by_pip(doc, *names))


def by_conda(doc: Manifest | Requirements, *names: str) -> tuple[Asked, ...]:
    """The conda specs with one of these names; all of them where none is given."""
    specs = doc.specs if isinstance(doc, Manifest) else ()
    return tuple(_spec(s) for s in specs if s.name and (not names or s.name in names))


def by_pip(doc: Manifest | Requirements, *names: str) -> tuple[Asked, ...]:
    """The requirements with one of these names; all of them where none is given."""
    return tuple(_requirement(r) for r in doc.pip if r.name and (not names or r.name in names))


def coexist(one: Asked, other: Asked) -> bool:
    """Whether both lines can count on one machine; two conditions may exclude each other."""
    return not (one.condition and other.condition) or one.condition == other.condition


def pairs(ones: Iterable[Asked], others: tuple[Asked, ...]) -> Iterator[tuple[Asked, Asked]]:
    """Every line of one kind with every line of another that may count beside it."""
    return ((one, other) for one in ones for other in others if coexist(one, other))


def shown(text: str) -> str:
    """A line as a message quotes it, without credentials, cut where it is long."""
    plain = redact(" ".join(text.split()))
    return plain if len(plain) <= MAX_SHOWN else f"{plain[: MAX_SHOWN - 3]}..."


def _spec(spec: Spec) -> Asked:
    version = spec.version or ""
    return Asked(
        "conda",
        spec.name,
        shown(spec.text),
        _LOCAL.sub("", version),
        spec.location,
        build=spec.build or "",
        channel=spec.channel or "",
        condition=spec.selector or "",
    )


def _requirement(req: Requirement) -> Asked:
    known = req.specifier if req.kind in _WITH_VERSION else ""
    local = _LOCAL.search(known)
    return Asked(
        "pip",
        req.name,
        shown(req.text),
        to_conda(known),
        req.location,
        local=local[1].lower() if local else "",
        condition=req.marker or req.selector or "",
        extras=req.extras,
        url=req.url,
    )
