"""Packages on the page: what brought a vulnerable one, and what is large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from conda_preflight.language import say, word
from conda_preflight.plain import document_type
from conda_preflight.report import Finding, Report
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup
from conda_preflight.writers.html_targets import section

if TYPE_CHECKING:
    from conda_preflight.chains import Told

MAX_BROUGHT, MAX_DRAWN, MAX_STEPS, MAX_SIZES = 200, 40, 12, 6
_CHAINS, _SHOWN = 40, 2
_Key = tuple[str, str]


@document_type
class Packages:
    """What is told of packages: by path and package URL what brought each, and the sizes."""

    brought: Mapping[_Key, str]
    sizes: tuple[str, ...]

    @property
    def is_drawn(self) -> bool:
        """Whether there is a picture, which needs the style of pictures."""
        return bool(self.sizes) or any("<svg" in each for each in self.brought.values())

    def origin(self, finding: Finding) -> str:
        """What brought the package of a finding, as HTML; empty where nothing is to be told."""
        return self.brought.get(_key(finding), "") if _is_of_package(finding) else ""

    def section(self) -> Iterator[str]:
        """The section with the sizes, empty where none is known."""
        if self.sizes:
            yield section("sizes", "Sizes")
            yield from self.sizes
            yield "</section>"


def packages(report: Report) -> Packages:
    """What a report says of packages; nothing where it has no environments."""
    if not report.installed:
        return Packages({}, ())
    found = [finding for finding in report.findings if _is_of_package(finding)]
    wanted = dict.fromkeys(_key(finding) for finding in found)
    return Packages(_brought(report, wanted), tuple(_sizes(report)))


def _is_of_package(finding: Finding) -> bool:
    return bool(finding.problem.ids and finding.problem.purls)


def _key(finding: Finding) -> _Key:
    return finding.problem.location.path, finding.problem.purls[0]


def _brought(report: Report, wanted: Mapping[_Key, None]) -> dict[_Key, str]:
    """One text for each package; the first for which it says more have a picture too."""
    from conda_preflight.chains import reasons
    from conda_preflight.dependency_graph import graph
    from conda_preflight.grammar.purl import purl_of

    made: dict[_Key, str] = {}
    pictures = 0
    for path, one in report.installed:
        keys = {(path, purl_of(p)): p for p in one.packages} if wanted else {}
        new = [key for key in wanted if key in keys and key not in made]
        new = new[: MAX_BROUGHT - len(made)]
        if new:
            links, found = graph(one), [keys[key] for key in new]
            told = [*reasons(found, links, _SHOWN, one.unlinked)]
            made.update(zip(new, map(_origin, told), strict=True))
            drawn = [n for n, each in enumerate(told) if _is_worth_drawing(each)]
            drawn = drawn[: MAX_DRAWN - pictures]
            whole = reasons([found[n] for n in drawn], links, _CHAINS, one.unlinked)
            for n, each in zip(drawn, whole, strict=True):
                made[new[n]] += _picture(each, pictures)
                pictures += 1
    return made


def _origin(told: Told) -> str:
    from conda_preflight.pictures.presence import told as in_words

    reason = told[1]
    if reason is None:
        unknown = word("What brought it is not known: the file tells no dependencies.")
        return f'<p class="soft">{unknown}</p>'
    lines = [markup(in_words(chain)) for chain in reason.chains]
    head = word("Brought by:" if reason.asked is not False else "Not asked for, brought by:")
    return f"<p><strong>{head}</strong> <bdi>{'</bdi><br><bdi>'.join(lines)}</bdi></p>"


def _is_worth_drawing(told: Told) -> bool:
    """Whether a picture says more than one line, and is none of a chain that is too long."""
    reason = told[1]
    steps = max((len(chain.nodes) for chain in reason.chains), default=0) if reason else 0
    if not reason or steps > MAX_STEPS:
        return False
    return reason.total > 1 or steps > _SHOWN


def _picture(told: Told, number: int) -> str:
    """The chains, folded."""
    from conda_preflight.chains import Explanation
    from conda_preflight.pictures.presence import presence
    from conda_preflight.pictures.writing import inline

    target, reason = told
    drawn = presence(Explanation((), target, reason))
    if not drawn or not reason:
        return ""
    count = wording.number(reason.total, "shortest chain")
    more = markup(say("{chains} as a picture", chains=count))
    shown = inline(drawn, f"brought-{number}")
    return f"<details><summary>{more}</summary>{shown}</details>"


def _sizes(report: Report) -> Iterator[str]:
    """The first picture is open, further ones are folded; what is not drawn is counted."""
    from conda_preflight.dependency_graph import graph
    from conda_preflight.grammar.byte_size import download_size
    from conda_preflight.imaging.tiers import tiers
    from conda_preflight.pictures.sizes import weights
    from conda_preflight.pictures.writing import inline

    known = [(path, one) for path, one in report.installed if any(p.size for p in one.packages)]
    for number, (path, one) in enumerate(known[:MAX_SIZES]):
        place = f"{path} {one.place.text}".rstrip()
        drawn = weights(tiers(graph(one)), place, download_size)
        if drawn:
            whole = inline(drawn, f"sizes-{number}")
            folded = f"<details><summary>{markup(drawn.title)}</summary>{whole}</details>"
            yield folded if number else whole
    if (rest := len(known) - MAX_SIZES) > 0:
        more = say("{count} more environments are not drawn.", count=rest)
        yield f'<p class="soft">{markup(more)}</p>'
