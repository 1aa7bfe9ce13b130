"""What to do about the vulnerabilities of a package: the smallest upgrade that clears them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conda_preflight.advisories.assessing import matched
from conda_preflight.advisories.ranges import scheme_of
from conda_preflight.advisories.source import Source
from conda_preflight.advisories.subjects import Subject
from conda_preflight.advisories.telling import names
from conda_preflight.advisories.versions import Key as Order
from conda_preflight.advisories.versions import key
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.documents.advisory import Assessment, Identified, Identity, Vulnerability
from conda_preflight.plain import value_type

Key = tuple[str, str, str]
"""Manager, name and version of a package."""

_TRIES = 12
_OTHERWISE = frozenset(("cuda", "protobuf"))
"""Schemes of products whose packages have other versions."""


@value_type
class Upgrade:
    """The smallest version that clears what can be cleared, and the flaws that it leaves."""

    version: str
    left: tuple[str, ...] = ()


def advice(
    subject: Subject, found: Assessment, vulnerabilities: Vulnerabilities
) -> Mapping[Key, str]:
    """A sentence for each package that has vulnerabilities which count."""
    source = vulnerabilities.source()
    by_package: dict[Key, list[Vulnerability]] = {}
    for each in found.affected:
        package = each.package
        by_package.setdefault((package.manager, package.name, package.version), []).append(each)
    whole = {id(each.package): each for each in found.identified}
    return {
        name: _sentence(subject, whole[id(flaws[0].package)], flaws, source, vulnerabilities)
        for name, flaws in by_package.items()
    }


def upgrade(
    identified: Identified,
    flaws: Sequence[Vulnerability],
    source: Source,
    *,
    is_near: bool = False,
) -> Upgrade | None:
    """The smallest of the fixed versions that clears most of these flaws, which are of one product.

    With ``is_near`` only releases with the first two numbers of the present one count. None where
    no fixed version is known. What a version brings anew is not counted against it.
    """
    identity = flaws[0].identity
    scheme = scheme_in(identity, source)
    own = key(scheme, identity.version)
    if own is None:
        return None
    fixes = {one: at for f in flaws for one in f.fixed if (at := key(scheme, one)) and at > own}
    if is_near:
        fixes = {one: at for one, at in fixes.items() if _branch(one) == _branch(identity.version)}
    rising = sorted(fixes, key=lambda one: fixes[one])
    best: Upgrade | None = None
    for version in _from(rising, fixes, flaws):
        left = _left(identified, identity, version, flaws, source)
        if best is None or len(left) < len(best.left):
            best = Upgrade(version, left)
        if not left:
            break
    return best


def scheme_in(identity: Identity, source: Source) -> str:
    """How the versions of a product are ordered, as its first record says."""
    for record in source.lookup(identity.ecosystem, identity.name):
        for affected in record.affected:
            if (affected.ecosystem, affected.name) == (identity.ecosystem, identity.name):
                return scheme_of(affected)
    return "generic"


def _from(
    rising: Sequence[str], fixes: Mapping[str, Order], flaws: Sequence[Vulnerability]
) -> list[str]:
    """The versions worth a look: each flaw needs one of its own fixes, or a later version."""
    least = [min(own) for f in flaws if (own := [fixes[one] for one in f.fixed if one in fixes])]
    bound = max(least, default=())
    worth = [one for one in rising if fixes[one] >= bound]
    return worth[: _TRIES - 1] + worth[_TRIES - 1 :][-1:]


def _branch(version: str) -> list[str]:
    return version.split(".")[:2]


def _left(
    identified: Identified,
    identity: Identity,
    version: str,
    flaws: Sequence[Vulnerability],
    source: Source,
) -> tuple[str, ...]:
    """The flaws that the package would still have."""
    other = replace(identified, identities=(replace(identity, version=version),), patches=())
    still = {name for f in matched((other,), source) if f.state == "affected" for name in f.ids}
    return tuple(f.ids[0] for f in flaws if not still.isdisjoint(f.ids))


def _sentence(
    subject: Subject,
    identified: Identified,
    flaws: Sequence[Vulnerability],
    source: Source,
    vulnerabilities: Vulnerabilities,
) -> str:
    """Of a package that is several products, the first one with flaws is told of."""
    same = [f for f in flaws if f.identity == flaws[0].identity]
    found = upgrade(identified, same, source)
    if found is None:
        return "No fixed version is known: watch the project, or take another package."
    package, scheme = identified.package, scheme_in(flaws[0].identity, source)
    near = upgrade(identified, same, source, is_near=True)
    ways = [near] if near and near.version != found.version else []
    told = ", or to ".join(_way(each, same, scheme) for each in (*ways, found))
    left = f"; no fixed version of {names(found.left, 3)} is known" if found.left else ""
    solved = vulnerabilities.upgraded(subject, package, scheme, found.version)
    return f"Upgrade {package.name} to {told}{left}.{solved}"


def _way(found: Upgrade, flaws: Sequence[Vulnerability], scheme: str) -> str:
    """A version, and how much it clears; where projects count otherwise, with the product."""
    product = f"{flaws[0].identity.name} " if scheme in _OTHERWISE else ""
    cleared = len(flaws) - len(found.left)
    extent = f"clears {cleared} of {len(flaws)}" if found.left else "clears all of them"
    return f"{product}{found.version} or later, which {extent if flaws[1:] else 'clears it'}"
