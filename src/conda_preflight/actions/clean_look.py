"""Looks at caches, environments and processes, and decides what may go; nothing is changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from conda_preflight.actions.clean_projects import with_projects
from conda_preflight.cache_place import state_folder
from conda_preflight.cleaning.found import TRASHED, Found
from conda_preflight.cleaning.journal import KEPT, Journal
from conda_preflight.cleaning.names import TRASH
from conda_preflight.cleaning.places import HUB, Places
from conda_preflight.cleaning.plan import Plan
from conda_preflight.cleaning.policy import Policy, decide
from conda_preflight.engines.cache_search import listing, thing, things
from conda_preflight.engines.disk_usage import weigh
from conda_preflight.engines.environment_search import environments, is_environment, listed
from conda_preflight.engines.hub_search import models
from conda_preflight.engines.journals import Journals
from conda_preflight.engines.mounts import Mounts
from conda_preflight.engines.processes import running
from conda_preflight.errors import UsageError

Told = Callable[[str, int, int], None]


def journals() -> Journals:
    """Where runs write down what they move away."""
    return Journals(state_folder() / "trash")


def policy(stale_after: float, keep: Sequence[str], **more: object) -> Policy:
    """What the settings and the command line say, as of now and for this program."""
    own = (sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable)))  # noqa: PTH120
    ours = tuple(os.path.realpath(path) for path in own)
    given = Policy(time.time(), stale_after, tuple(keep), ours=ours)
    return replace(given, **more)  # type: ignore[arg-type]


def look(places: Places, wanted: Policy, told: Told, *, huggingface: bool = False) -> Plan:
    """Everything with a decision for each thing."""
    kept = journals()
    some = chain(_all(places, huggingface=huggingface), _trashed(kept.all()))
    found = list(with_projects(list(_weighed(some, told)), places.projects))
    processes = running()
    notes = (*places.notes, *_notes(processes.hidden, kept.broken()), *_strays(places, kept))
    return Plan(decide(found, processes, wanted), processes, tuple(kept.all()), notes, wanted.home)


def named(places: Places, asked: Sequence[str]) -> frozenset[str]:
    """The real paths of environments by name or prefix; raises UsageError for any other."""
    known = list(environments(places, Mounts())) if asked else []
    return frozenset(_one(text, known) for text in asked)


def _one(text: str, known: Sequence[Found]) -> str:
    if os.sep in text:
        path = os.path.abspath(text)  # noqa: PTH100  (links are told, not followed)
        if os.path.islink(path):  # noqa: PTH114
            raise UsageError(f"{text} is a link to {os.path.realpath(path)}", "Name that instead.")
        if not any(each.path == os.path.realpath(path) for each in known):
            raise UsageError(f"{text} is no environment", "None of its folders is a conda-meta.")
        return os.path.realpath(path)
    paths = [each.path for each in known if each.environment and each.environment.name == text]
    if len(paths) > 1:
        raise UsageError(f"There are {len(paths)} environments {text}", "\n".join(sorted(paths)))
    if not paths:
        from difflib import get_close_matches

        names = [each.environment.name for each in known if each.environment]
        near = get_close_matches(text, names, 1)
        hint = f"Did you mean {near[0]!r}?" if near else "`conda-preflight clean -v` lists them."
        raise UsageError(f"There is no environment {text!r}", hint)
    return paths[0]


def _all(places: Places, *, huggingface: bool) -> Iterator[Found]:
    met: set[str] = set()
    for cache in places.caches:
        if cache.holds != HUB or huggingface:
            for each in models(cache.path) if cache.holds == HUB else things(cache):
                if each.path not in met:
                    met.add(each.path)
                    yield each
    yield from environments(places, Mounts())


def _trashed(runs: Sequence[Journal]) -> Iterator[Found]:
    """What lies in the trash and can be taken back; it may need packages by links."""
    for run in runs:
        for move in run.moves if run.state == KEPT else ():
            for each in thing(TRASHED, "conda-preflight", move.target):
                yield replace(each, refs=(run.name,))


def _weighed(some: Iterator[Found], told: Told) -> Iterator[Found]:
    mounts = Mounts()
    for count, each in enumerate(some, 1):
        told(f"Looking at {count} things", 0, 0)
        is_base = bool(each.environment and each.environment.base)
        parts = [part.path for part in each.parts]
        usage = weigh(parts, is_base=is_base, told=lambda: told("Weighing", 0, 0))
        first = each.parts[0]
        can_share = mounts.of(first.path, first.device).can_share
        yield replace(each, usage=usage, can_share=can_share)


def _notes(hidden: int, broken: Sequence[str]) -> Iterator[str]:
    if hidden:
        count = "1 process is" if hidden == 1 else f"{hidden} processes are"
        yield f"what is used by others is not wholly known: {count} hidden from this user"
    yield from (f"{file} is damaged: what it moved away is not known" for file in broken)


def _strays(places: Places, kept: Journals) -> Iterator[str]:
    """Trash that no journal speaks of, and names of environments that are gone."""
    known = {run.name for run in kept.all()}
    folders = [*(home.path for home in places.homes), *(cache.path for cache in places.caches)]
    for folder in dict.fromkeys(folders):
        for entry in listing(f"{folder}/{TRASH}"):
            if entry.name not in known:
                yield f"{entry.path} is trash that no journal speaks of: look at it, then delete it"
    for file in places.registries:
        gone = [path for path in listed(file) if not is_environment(os.path.realpath(path))]
        if gone:
            yield f"{file} names {gone[0]}{_more(gone)}, where no environment is any more"


def _more(some: Sequence[str]) -> str:
    return f" and {len(some) - 1} more" if len(some) > 1 else ""
