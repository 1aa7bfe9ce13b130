"""The Solver on py-rattler: repodata by its gateway, answers as plain values."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from conda_preflight.engines import rattler_runtime as runtime
from conda_preflight.engines.rattler_channels import gateway, key_of, sources
from conda_preflight.engines.rattler_listing import listing
from conda_preflight.engines.rattler_priority import Places, ranked, spec_of, subdirs
from conda_preflight.engines.rattler_records import package, record
from conda_preflight.engines.rattler_refusal import is_panic, untried
from conda_preflight.engines.rattler_snapshot import KeptChannels
from conda_preflight.solving.listing import Listing
from conda_preflight.solving.question import (
    Answer,
    Offer,
    Question,
    Reachable,
    Solved,
    Unsolvable,
    Untried,
)
from conda_preflight.solving.tiers import without_credentials

if TYPE_CHECKING:
    from rattler import Gateway, GenericVirtualPackage, MatchSpec, RepoDataRecord

T = TypeVar("T")
_GRACE = 1.0
"""Seconds in which the library can tell by itself that its time is over."""
_IMPOSSIBLE = "Cannot solve the request because of: "


class RattlerSolver:
    """Solves by py-rattler; repodata is read once for all questions of one solver.

    ``seconds`` bounds each question with its downloads; ``cache`` is the folder of
    repodata, by default the one that rattler and pixi share. With a ``snapshot`` no
    channel is asked.
    """

    def __init__(
        self,
        seconds: float = 300.0,
        cache: Path | None = None,
        snapshot: Reachable | None = None,
        *,
        show_progress: bool = False,
    ) -> None:
        self._seconds = seconds
        self._cache = cache
        self._kept = KeptChannels(snapshot) if snapshot else None
        self._show_progress = show_progress
        self._gateway: Gateway | None = None
        self._opening = threading.Lock()
        self._answers: dict[Question, Answer] = {}

    def solve(self, question: Question) -> Answer:
        """The answer; it never raises."""
        if "" in question.specs:
            question = replace(question, specs=tuple(filter(None, question.specs)))
        known = self._answers.get(question)
        if known is None:
            known = self._answers[question] = self._solve(question)
        return known

    def names(self, question: Question) -> frozenset[str] | Untried:
        """All package names that the channels have for the question's platform."""
        if self._kept is not None:
            return self._kept.names(question.tiers, subdirs(question))
        return self._tried(lambda: _names(self._open(), question, self._sources(question)))

    def offers(self, question: Question) -> tuple[Offer, ...] | Untried:
        """What the channels have for each spec of the question, in its order."""
        return self._tried(lambda: _offers(self._open(), question, self._sources(question)))

    def reachable(self, question: Question) -> Reachable | Untried:
        """The records that the question can come to need."""
        return self._tried(lambda: _reachable(self._open(), question, self._sources(question)))

    def listing(self, channel: str, subdir: str, names: frozenset[str]) -> Listing | Untried:
        """What the channel of that URL has now of these names."""
        return self._tried(lambda: listing(self._open(), channel, subdir, names))

    def _solve(self, question: Question) -> Answer:
        from rattler.exceptions import SolverError

        async def work() -> Answer:
            sources = self._sources(question)
            found = await _solve(self._open(), question, sources, self._seconds)
            made = (package(each, question.platform) for each in found)
            return Solved(tuple(sorted(made, key=lambda p: p.name)))

        try:
            return self._tried(work)
        except SolverError as error:
            text = str(error)
            if not text.startswith(_IMPOSSIBLE):
                return untried(f"The solver gave up: {text}")
            return Unsolvable(text.removeprefix(_IMPOSSIBLE))

    def _tried(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | Untried:
        """What the work gives, or why it could not be done; SolverError passes."""
        from rattler.exceptions import SolverError

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return runtime.run(work(), self._seconds + _GRACE)
        except SolverError:
            raise
        except TimeoutError:
            return untried(f"There was no answer within {self._seconds:g} seconds")
        except BaseException as error:
            if not isinstance(error, Exception) and not is_panic(error):
                raise
            return untried(str(error) or type(error).__name__)

    def _sources(self, question: Question) -> list[Any]:
        if self._kept is None:
            return list(sources(question.tiers))
        return list(self._kept.sources(question.tiers, subdirs(question)))

    def _open(self) -> Gateway:
        with self._opening:
            if self._gateway is None:
                self._gateway = gateway(
                    self._cache, self._seconds, show_progress=self._show_progress
                )
            return self._gateway


async def _solve(
    gateway: Gateway, question: Question, sources: list[Any], seconds: float
) -> list[RepoDataRecord]:
    from rattler import ChannelPriority, solve

    priority = ChannelPriority.Strict if question.strict else ChannelPriority.Disabled
    return await solve(
        sources,
        await ranked(gateway, question, sources),
        gateway=gateway,
        platforms=subdirs(question),
        virtual_packages=_machine(question),
        channel_priority=priority,
        timeout=timedelta(seconds=seconds),
        exclude_newer=_time(question.exclude_newer),
        locked_packages=await _still_there(gateway, question, sources),
        pinned_packages=[record(p) for p in question.pinned],
        constraints=[spec_of(text) for text in question.constraints],
        timestamp_policy="allow-missing",
    )


async def _still_there(
    gateway: Gateway, question: Question, sources: list[Any]
) -> list[RepoDataRecord]:
    """The channels' own records of locked packages; one that is gone cannot be kept.

    A lock may know less of a package than its channel does, as the builds that it needs.
    """
    if not question.locked:
        return []
    wanted = {(p.name, p.version, p.build, p.subdir or p.platform) for p in question.locked}
    names = sorted({p.name for p in question.locked})
    found = await gateway.query(sources, subdirs(question), names, recursive=False)
    return [
        each
        for group in found
        for each in group
        if (each.name.normalized, str(each.version), str(each.build), each.subdir) in wanted
    ]


async def _names(gateway: Gateway, question: Question, sources: list[Any]) -> frozenset[str]:
    found = await gateway.names(sources, subdirs(question))
    return frozenset(name.normalized for name in found)


async def _offers(gateway: Gateway, question: Question, sources: list[Any]) -> tuple[Offer, ...]:
    specs = [spec_of(text) if text else None for text in question.specs]
    names = {spec.name.normalized for spec in specs if spec and spec.name}
    found = await gateway.query(sources, subdirs(question), sorted(names), recursive=False)
    places = Places(question)
    by_name: dict[str, list[list[RepoDataRecord]]] = {}
    for each in (each for group in found for each in group):
        groups = by_name.setdefault(each.name.normalized, [[] for _ in question.tiers])
        groups[places(each)].append(each)
    called = [tier.name or key_of(tier.urls[0]) for tier in question.tiers]
    return tuple(
        _offer(spec, by_name, called, strict=question.strict) if spec else Offer("", (), ())
        for spec in specs
    )


def _offer(
    spec: MatchSpec,
    by_name: dict[str, list[list[RepoDataRecord]]],
    tiers: list[str],
    *,
    strict: bool,
) -> Offer:
    name = spec.name.normalized if spec.name else ""
    named = zip(tiers, by_name.get(name, ()), strict=False)
    found = [(tier, records) for tier, records in named if records]
    counted = found[:1] if strict and not spec.channel else found
    seen = [each for _, records in counted for each in records]
    return Offer(
        name=name,
        matching=_versions(each for each in seen if each.matches(spec)),
        versions=_versions(seen),
        hidden=tuple(
            tier
            for tier, records in found[len(counted) :]
            if any(each.matches(spec) for each in records)
        ),
    )


def _versions(records: Iterable[RepoDataRecord]) -> tuple[str, ...]:
    return tuple(str(v) for v in sorted({each.version for each in records}))


async def _reachable(gateway: Gateway, question: Question, sources: list[Any]) -> Reachable:
    specs = [spec_of(text) for text in (*question.specs, *question.constraints) if text]
    found = await gateway.query(sources, subdirs(question), specs)
    made = Reachable()
    for each in (each for group in found for each in group):
        key = (key_of(each.channel or ""), each.subdir)
        made.records.setdefault(key, {})[each.file_name] = _row(each, key)
    return made


def _row(record: RepoDataRecord, place: tuple[str, str]) -> dict[str, object]:
    """The record as repodata has it; its URL only where the channel does not tell it."""
    import json

    row: dict[str, object] = json.loads(record.to_json())
    url = without_credentials(str(row.pop("url", "")))
    name = row.pop("fn", record.file_name)
    row.pop("channel", None)
    return row if url == "/".join((*place, str(name))) else {**row, "url": url}


def _machine(question: Question) -> list[GenericVirtualPackage]:
    from rattler import BuildString, GenericVirtualPackage, PackageName, Version

    return [
        GenericVirtualPackage(PackageName(v.name), Version(v.version), BuildString(v.build or "0"))
        for v in question.virtual_packages
    ]


def _time(text: str) -> datetime | None:
    """In UTC and aware: the library takes the digits of any other zone for UTC's."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
