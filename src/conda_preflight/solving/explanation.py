"""An unsolvable manifest in the words of a person: which lines, why, and what would do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from conda_preflight.documents import Manifest, Spec
from conda_preflight.grammar.conda_order import Version, parse
from conda_preflight.plain import document_type
from conda_preflight.solving.change import Change, smallest_change
from conda_preflight.solving.conflict import conflict
from conda_preflight.solving.other_machine import enough
from conda_preflight.solving.question import Offer, Question, Solver, Untried
from conda_preflight.solving.site import lines
from conda_preflight.solving.tree import Reason, reasons

MAX_SECONDS = 60.0
MAX_REASONS = 3
MAX_NAMED = 5
MAX_SHOWN = 200
"""Characters of what a record says."""


@document_type
class Rewrite:
    """A line of the manifest and what to write instead; ``new`` is empty where it must go."""

    line: Spec
    new: str


@document_type
class Explanation:
    """Why nothing meets a manifest on one platform.

    ``guilty`` are its lines that exclude each other or that nobody can meet; ``why`` are
    sentences; ``changes`` together solve it, as was tried, and are empty where none was
    found; ``whole`` is false where time ran out before the smallest set was found;
    ``unmet`` is true where no channel has what the lines ask for, each by itself;
    ``machine`` is a virtual package (``__cuda=12``) with which it has a solution as it is.
    """

    platform: str
    guilty: tuple[Spec, ...]
    why: tuple[str, ...]
    changes: tuple[Rewrite, ...]
    whole: bool = True
    unmet: bool = False
    machine: str = ""


def explain(
    solver: Solver,
    manifest: Manifest,
    question: Question,
    tree: str = "",
    seconds: float = MAX_SECONDS,
) -> Explanation:
    """The explanation of an unsolvable question of that manifest; ``tree`` is the solver's own."""
    deadline = time.monotonic() + seconds
    asked = lines(manifest, question.platform)
    offers = solver.offers(question)
    known = () if isinstance(offers, Untried) else offers
    unmet = [
        n
        for n, (spec, offer) in enumerate(zip(question.specs, known, strict=False))
        if spec and not offer.matching
    ]
    whole, machine = True, ""
    if unmet:
        guilty = unmet
        why = tuple(_unmet(asked, known, unmet, question, solver))
    else:
        found = conflict(solver, question, seconds / 2, _named(asked, tree))
        guilty = list(found.places) if found else []
        whole = bool(found and found.whole)
        told = found.tree if found else tree
        why = tuple(sentences([asked[n] for n in guilty], told, question))
        machine = enough(solver, question, reasons(told))
    changes = smallest_change(solver, question, max(1.0, deadline - time.monotonic()))
    return Explanation(
        question.platform,
        tuple(asked[n] for n in guilty),
        why,
        tuple(Rewrite(asked[c.place], _as_written(asked[c.place], c)) for c in changes),
        whole,
        bool(unmet),
        machine,
    )


def _named(asked: Sequence[Spec], tree: str) -> list[int]:
    """Places of the lines whose names the solver's tree holds: the first to suspect."""
    words = set(tree.replace(",", " ").split())
    return [place for place, spec in enumerate(asked) if spec.name in words]


def _as_written(line: Spec, change: Change) -> str:
    plain = change.new.rpartition("::")[2]
    return f"{line.channel}::{plain}" if line.channel and plain else plain


def _unmet(
    asked: Sequence[Spec],
    offers: Sequence[Offer],
    places: Sequence[int],
    question: Question,
    solver: Solver,
) -> Iterator[str]:
    known = solver.names(question)
    names = sorted(known) if not isinstance(known, Untried) else []
    for place in places[:MAX_NAMED]:
        yield absence(asked[place], offers[place], names)
    if len(places) > MAX_NAMED:
        yield f"{len(places) - MAX_NAMED} more lines ask for what no channel has."


def absence(line: Spec, offer: Offer, names: Sequence[str]) -> str:
    """Why no build meets a line; ``names`` are all that the channels have."""
    if offer.hidden:
        return (
            f"Strict priority hides the {line.name} of {offer.hidden[0]} that would do: "
            "a channel before it has the package, but not such a version."
        )
    if not offer.versions:
        near = [n for n in get_close_matches(line.name, names, 3, 0.8) if n != line.name][:2]
        hint = f"; there is {' and '.join(near)}" if near else ""
        return f"No channel of the manifest has a package {line.name}{hint}."
    wanted = line.text.strip().rpartition("::")[2]
    return f"No build meets {wanted}; {_stock(line, offer)}."


def _stock(line: Spec, offer: Offer) -> str:
    """What the channels have of a package instead: the same version, else its neighbours."""
    bare = (line.version or "").lstrip("= ").removesuffix(".*")
    same = [v for v in offer.versions if v == bare or v.startswith(f"{bare}.")] if bare else []
    if same and line.build:
        return f"the channels have {line.name} {same[-1]}, but not that build"
    first, last, asked = offer.versions[0], offer.versions[-1], parse(bare)
    if asked is None or len(offer.versions) == 1:
        span = f"only {first}" if first == last else f"{first} to {last}"
        return f"the channels have {line.name} {span}"
    known = [(place, text) for text in offer.versions if (place := parse(text))]
    below = [text for place, text in known if place < asked][-1:]
    above = [text for place, text in known if asked < place][:1]
    return (
        f"the nearest that the channels have {'are' if below and above else 'is'} "
        + " and ".join([*below, *above])
    )


def sentences(guilty: Sequence[Spec], tree: str, question: Question) -> Iterator[str]:
    """What a tree says: reasons that speak of these lines or the machine first."""
    names = {spec.name for spec in guilty}
    found = _relevant(_joined(reasons(tree)), names)
    if not found and len(names) == 1 < len(guilty):
        yield f"No one version of {guilty[0].name} meets these lines together."
    elif not found:
        yield "Each of them can be met by itself, and not beside the others."
    for reason in found[:MAX_REASONS]:
        yield _sentence(reason, question)
    if (more := len(found) - MAX_REASONS) > 0:
        yield f"The solver has {more} more reason{'s' * (more > 1)} of this kind."


def _joined(found: Iterable[Reason]) -> list[Reason]:
    """Reasons that differ in the owner's versions alone are one, in the place of the first."""
    groups: dict[Reason, list[Reason]] = {}
    for reason in found:
        name, _, _ = reason.owner.partition(" ")
        groups.setdefault(replace(reason, owner=name, depth=0), []).append(reason)
    return [
        replace(same[0], owner=f"{key.owner} {' | '.join(_versions(same))}" if key.owner else "")
        for key, same in groups.items()
    ]


def _versions(found: Iterable[Reason]) -> list[str]:
    texts = (text for reason in found for text in reason.owner.partition(" ")[2].split("|"))
    known = {text.strip(): parse(text) for text in texts if text.strip() != "..."}
    return sorted(known, key=lambda text: known[text] or Version(()))


def _relevant(found: Iterable[Reason], names: set[str]) -> list[Reason]:
    def distance(reason: Reason) -> tuple[bool, bool, int]:
        needed, owner = reason.spec.split(" ")[0], reason.owner.split(" ")[0]
        return (
            not (needed.startswith("__") or {needed, owner} <= names),
            needed not in names and owner not in names,
            reason.depth,
        )

    return sorted(found, key=distance)


def _sentence(reason: Reason, question: Question) -> str:
    name, _, _ = reason.spec.partition(" ")
    owner = _owner(reason.owner)
    if name.startswith("__"):
        has = next((v.version for v in question.virtual_packages if v.name == name), "")
        state = f"{question.platform} here has {name} {has}" if has else f"no {name} is stated"
        return f"{owner} needs {_spec(reason.spec)}, and {state}."
    if reason.kind == "constrains":
        return f"{owner} allows only {_spec(reason.spec)}."
    if reason.kind == "excluded":
        return f"{_owner(reason.spec)} is left out: {_short(reason.why)}."
    if reason.kind == "absent":
        return f"No channel of the manifest has {_spec(reason.spec)}."
    return f"{owner} needs {_spec(reason.spec)}."


def _spec(text: str) -> str:
    name, _, rest = _short(text).partition(" ")
    return name if rest in ("", "*") else f"{name} {rest}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def _owner(text: str) -> str:
    """``numpy 1.19.2 | 1.19.5 | ... | 1.21.0`` as ``numpy 1.19.2 to 1.21.0``."""
    name, _, versions = _short(text).partition(" ")
    known = [version.strip() for version in versions.split("|")]
    return f"{name} {known[0]}" if len(known) == 1 else f"{name} {known[0]} to {known[-1]}"
