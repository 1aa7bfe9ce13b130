"""Why a flaw whose range fits a version does not concern the package that has it.

What a text alone suggests is told as a note and changes nothing: a flaw counts until somebody
who knows says otherwise. What a fact settles (a wheel's own copy of a library, a program that a
library's package does not hold, a patch in the recipe) changes the state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conda_preflight.documents.advisory import Advisory, Identified, Identity
from conda_preflight.facts.unshipped import BUNDLED, COMPONENTS, LANGUAGES, SPLIT_PRODUCTS
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_IN_WHEELS = lazy_pattern(
    r"\bbundled? [^.\n]{0,60}\bin wheels\b|\bonly users installing from wheels\b"
    r"|\bwheels (?:bundle|include|contain|ship)\b[^.\n]{0,80}\b(?:copy of|vulnerable|lib\w+)\b"
    r"|\bvulnerable [^.\n]{0,40}\b(?:included|bundled|shipped) in [^.\n]{0,40}\bwheels\b"
)
_WORD = lazy_pattern(r"[a-z0-9]+")
_CVE = lazy_pattern(r"cve[-_](\d{4})[-_](\d{4,9})(?!\d)")
_COLLECTIVE = frozenset(
    ("", "toolkit", "tools", "runtime", "compiler", "libraries", "command line tools")
)
"""What names of packages say that hold, or only ask for, several parts."""
_PARTS = lazy_pattern(r"^(?:cuda|lib)-?|-(?:dev|static|impl|tools)$")


@value_type
class Judgement:
    """A state of a vulnerability with its reason."""

    state: str
    reason: str


@value_type
class Case:
    """One flaw in one package: all its ids, the records that match, and what these say."""

    identified: Identified
    identity: Identity
    ids: tuple[str, ...]
    records: Sequence[Advisory]
    text: str


def text_of(records: Sequence[Advisory]) -> str:
    """What records say, in lower case."""
    return "\n".join(f"{each.summary} {each.words}" for each in records).lower()


def judged(case: Case) -> Judgement | None:
    """Why it does not apply; None where nothing says so."""
    return next((found for rule in _RULES if (found := rule(case))), None)


def _patched(case: Case) -> Judgement | None:
    named = {name.lower() for name in case.ids if name.startswith("CVE-")}
    for patch in case.identified.patches:
        found = {f"cve-{year}-{number}" for year, number in _CVE.findall(patch.lower())}
        if found & named:
            build = case.identified.package.build
            where = f"build {build}" if build else "the recipe"
            return Judgement("fixed by a patch", f"{patch} in {where}")
    return None


def _in_wheels_only(case: Case) -> Judgement | None:
    """A wheel's copy of a library is no part of a conda package, which links conda's own."""
    if case.identity.ecosystem != "PyPI" or case.identified.wheel:
        return None
    known = next(
        (BUNDLED[n, case.identity.name] for n in case.ids if (n, case.identity.name) in BUNDLED), ""
    )
    if not known and not ("wheels" in case.text and _IN_WHEELS.search(case.text)):
        return None
    library = known or "a library"
    return Judgement(
        "not applicable",
        f"it is about the copy of {library} in the project's wheels; conda's package of it is "
        "judged by itself",
    )


def _tool_only(case: Case) -> Judgement | None:
    package = case.identified.package.name
    tool = any("tool_or_lib: tool" in each.notes for each in case.records)
    if not tool or not package.startswith("lib"):
        return None
    return Judgement("not applicable", f"it is in the command line tool, which {package} lacks")


def _not_shipped(case: Case) -> Judgement | None:
    """A part of the product that the package does not hold, and the text speaks of."""
    for component in COMPONENTS.get(case.identity.name, ()):
        if case.identified.package.name in component.packages and component.word in case.text:
            return Judgement(
                "not applicable", f"it is in {component.title}, which is not in the package"
            )
    return None


def _other_language(case: Case) -> Judgement | None:
    """One product name for the implementations in several languages."""
    languages = LANGUAGES.get(case.identity.name)
    if case.identity.ecosystem == "PyPI" or not languages:
        return None
    words = set(_WORD.findall(case.text)) | ({"c++"} if "c++" in case.text else set())
    others = sorted(languages.others & words)
    if not others or words & languages.own:
        return None
    return Judgement("not applicable", f"it is in the implementation for {others[0].title()}")


def _another_part(case: Case) -> Judgement | None:
    """One range for the whole of a product that comes as many packages."""
    product = case.identity.name
    if case.identity.ecosystem == "PyPI" or product not in SPLIT_PRODUCTS:
        return None
    part = _PARTS.sub("", _PARTS.sub("", case.identified.package.name))
    words = " ".join(_WORD.findall(part))
    named = words not in _COLLECTIVE and words != product
    if named and f" {words} " in f" {' '.join(_WORD.findall(case.text))} ":
        return None
    title = SPLIT_PRODUCTS[product]
    return Judgement(
        "product only", f"the range is {title}'s as a whole, and the text does not name this part"
    )


_RULES: tuple[Callable[[Case], Judgement | None], ...] = (
    _patched,
    _in_wheels_only,
    _tool_only,
    _not_shipped,
    _other_language,
    _another_part,
)
