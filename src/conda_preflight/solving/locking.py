"""From a manifest to a lock: both halves for each platform, or the reasons why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TypeAlias

from conda_preflight.documents import (
    Channel,
    Location,
    Lock,
    Manifest,
    Name,
    Package,
    Requirement,
    Spec,
)
from conda_preflight.grammar.conda_lock_hash import content_hash
from conda_preflight.grammar.pip_deviation import pip_deviations
from conda_preflight.grammar.selector import holds
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type
from conda_preflight.solving.pip_half import (
    Indexes,
    PipAnswer,
    PipHalf,
    PipQuestion,
    PipResolver,
    Unresolvable,
)
from conda_preflight.solving.provided import provided
from conda_preflight.solving.question import Question, Solved, Solver, Unsolvable, Untried
from conda_preflight.solving.site import Site, machine, question, unreadable
from conda_preflight.solving.tiers import ALIAS, without_credentials


@document_type
class Order:
    """What to lock: a manifest, its platforms, and how.

    ``pip`` are its pip lines with included files followed; ``kept`` packages of an older
    lock stay where they can; ``variables`` may stand as ``${NAME}`` in index addresses.
    """

    manifest: Manifest
    platforms: tuple[str, ...]
    site: Site
    pip: tuple[Requirement, ...] = ()
    kept: tuple[Package, ...] = ()
    indexes: Indexes = field(default_factory=Indexes)
    offline: bool = False
    allow_sdists: bool = False
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@document_type
class Half:
    """What became of one platform: packages, and what a person should know about them."""

    platform: str
    packages: tuple[Package, ...]
    notes: tuple[str, ...] = ()


@document_type
class Refused:
    """Why one platform cannot be locked; ``question`` is what conda's half was asked."""

    platform: str
    question: Question
    answer: Unsolvable | Unresolvable | Untried


Outcome: TypeAlias = Half | Refused


def solve(order: Order, platform: str, solver: Solver, pip: PipResolver) -> Outcome:
    """Both halves of one platform, conda's first; nothing of conda's is installed again by pip."""
    asked = question(order.manifest, platform, order.site)
    asked = replace(asked, locked=_kept(order, platform, "conda"))
    if refused := unreadable(order.manifest, platform):
        return Refused(platform, asked, _not_read(*refused))
    answer = solver.solve(asked)
    if not isinstance(answer, Solved):
        return Refused(platform, asked, answer)
    wanted = pip_question(order, platform, answer.packages)
    if wanted is None:
        return Half(platform, answer.packages)
    half = _kept_whole(order, platform) or _resolved(wanted, pip)
    if not isinstance(half, PipHalf):
        return Refused(platform, asked, half)
    return Half(platform, (*answer.packages, *half.packages), tuple(_notes(half)))


def _not_read(line: Spec, why: str) -> Untried:
    shown = redact(line.text.strip())[:200]
    hint = f"Write `{line.meant}`." if line.meant else "Mend or leave out this line."
    return Untried(f"Line {line.location.line}, `{shown}`, cannot be asked for: {why}", hint)


def _kept(order: Order, platform: str, manager: str) -> tuple[Package, ...]:
    return tuple(p for p in order.kept if p.platform == platform and p.manager == manager)


def _kept_whole(order: Order, platform: str) -> PipHalf | None:
    """Without a network: the older lock's pip half, where it has all that is asked for."""
    half = _kept(order, platform, "pypi")
    older = Lock("", "conda-lock", "1", Location(""), (platform,), order.kept)
    true = half and not any(pip_deviations([order.manifest], older))
    return PipHalf(half) if order.offline and true else None


def _resolved(wanted: PipQuestion | Untried, pip: PipResolver) -> PipAnswer:
    return wanted if isinstance(wanted, Untried) else pip.resolve(wanted)


def pip_question(
    order: Order, platform: str, packages: tuple[Package, ...]
) -> PipQuestion | Untried | None:
    """What pip is asked for beside these packages of conda; None where it is nothing."""
    lines = [r for r in order.pip if not r.selector or holds(r.selector, platform) is not False]
    if not any(r.kind != "option" for r in lines):
        return None
    python = next((p.version for p in packages if p.name == "python"), "")
    if not python:
        return Untried(
            "The pip section has no Python to install into", "Ask for python, and for pip."
        )
    has = {v.name: v.version for v in machine(order.manifest, platform, order.site)}
    return PipQuestion(
        requirements=tuple(lines),
        python=python,
        platform=platform,
        glibc=has.get("__glibc", ""),
        macos=has.get("__osx", ""),
        provided=provided(packages),
        kept=tuple((p.name, p.version) for p in _kept(order, platform, "pypi")),
        indexes=order.indexes,
        exclude_newer=order.site.exclude_newer,
        offline=order.offline,
        allow_sdists=order.allow_sdists,
        folder=order.site.folder,
        variables=order.variables,
    )


def _notes(half: PipHalf) -> Iterable[str]:
    if half.sdists:
        yield f"Built from source when installed: {', '.join(half.sdists)}."
    if half.yanked:
        yield f"Taken back by their authors: {', '.join(half.yanked)}."
    if half.lost_extras:
        yield f"Extras that conda's packages do not have: {', '.join(half.lost_extras)}."


def lock(order: Order, halves: Iterable[Half], path: str) -> Lock:
    """The lock of these platforms, as a document; ``path`` is where it will stand."""
    made = sorted(halves, key=lambda half: half.platform)
    manifest, site = order.manifest, order.site
    platforms = tuple(half.platform for half in made)
    return Lock(
        path=path,
        kind="conda-lock",
        version="1",
        location=Location(path),
        platforms=platforms,
        packages=tuple(_clean(p, half.platform) for half in made for p in half.packages),
        channels=_channels(order, platforms),
        virtual_packages=tuple(v for name in platforms for v in machine(manifest, name, site)),
        content_hash={name: content_hash([manifest], name) for name in platforms},
        sources=(Name(manifest.path, Location(path)),),
        name=manifest.name.text if manifest.name else "",
        indexes=tuple(without_credentials(url) for url in _indexes(order)),
    )


def _indexes(order: Order) -> Iterable[str]:
    yield from (order.indexes.default,) if order.indexes.default else ()
    yield from order.indexes.extra


def _channels(order: Order, platforms: tuple[str, ...]) -> tuple[Channel, ...]:
    """By the names of the manifest where they mean the public ones, else by URL."""
    asked = question(order.manifest, platforms[0], order.site)
    texts = [c.text for c in order.manifest.channels] or ["defaults"]
    if order.site.alias != ALIAS or any("://" not in t and t[:1] in "./~" for t in texts):
        texts = [url for tier in asked.tiers for url in tier.urls]
    plain = dict.fromkeys(without_credentials(text) for text in texts)
    return tuple(Channel(text, text, Location(order.manifest.path)) for text in plain)


def _clean(package: Package, platform: str) -> Package:
    return replace(
        package,
        platform=platform,
        url=without_credentials(package.url),
        channel=without_credentials(package.channel),
    )
