"""Solves a manifest for its platforms and writes the lock: all of it, or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from conda_preflight import toolbox
from conda_preflight.config import Settings
from conda_preflight.documents import PLATFORMS, Host, Lock, Manifest, Package, Project
from conda_preflight.errors import UsageError
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.included import pip_lines
from conda_preflight.lockfiles import write as texts_of
from conda_preflight.lockfiles.writing import write_files
from conda_preflight.opening import read_bytes
from conda_preflight.output import write_bytes_atomically
from conda_preflight.plain import document_type
from conda_preflight.project import open_project
from conda_preflight.solving import locking, snapshot
from conda_preflight.solving.locked import Locked
from conda_preflight.solving.locking import Half, Order, Outcome, Refused
from conda_preflight.solving.platforms import platforms_of
from conda_preflight.solving.question import Reachable, Solver, Unsolvable, Untried
from conda_preflight.solving.site import Site, question
from conda_preflight.solving.tiers import is_local

NAMES = {"conda-lock": "conda-lock.yml", "pixi": "pixi.lock", "explicit": "pinned_specs.txt"}


@document_type
class Wanted:
    """How to lock, beside what the manifest says.

    ``site`` lacks the target, which the project has; ``environment`` is a name in a manifest
    that holds several; ``update`` are packages that may move
    though the rest of an older lock stays; ``fresh`` lets all move.
    """

    site: Site
    environment: str = ""
    format: str = "conda-lock"
    update: tuple[str, ...] = ()
    fresh: bool = False
    offline: bool = False
    allow_sdists: bool = False
    keep_snapshot: bool = False
    seconds: float = 300.0
    show_progress: bool = False


def solve(path: Path, settings: Settings, wanted: Wanted) -> Locked:
    """Solve the one manifest of a project; writes nothing. Raises UsageError for wrong use."""
    root = _root(path, settings)
    project = open_project(root if path.is_dir() else path, settings)
    manifest = _manifest(project, wanted.environment)
    folder = (root / manifest.path).parent
    target = folder / NAMES[wanted.format]
    before = _before(project, manifest, target, root)
    order = _order(project, manifest, settings, wanted, folder, before)
    kept = _recorded(target, order) if wanted.offline else None
    solver = toolbox.solver(wanted.seconds, kept, show_progress=wanted.show_progress)
    outcomes = [_sure(each, kept) for each in _outcomes(order, solver, wanted)]
    refused = tuple(each for each in outcomes if isinstance(each, Refused))
    halves = tuple(each for each in outcomes if isinstance(each, Half))
    made = None if refused else locking.lock(order, halves, target.name)
    return Locked(manifest, order, solver, halves, refused, made, before, folder)


def _outcomes(order: Order, solver: Solver, wanted: Wanted) -> list[Outcome]:
    """All platforms at once; whoever interrupts does not wait for them."""
    pip = toolbox.pip_resolver(wanted.seconds)
    pool = ThreadPoolExecutor(len(order.platforms))
    try:
        return list(pool.map(lambda name: locking.solve(order, name, solver, pip), order.platforms))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def write(done: Locked, wanted: Wanted) -> list[Path]:
    """Write the lock, and the snapshot where one is wanted; returns what changed."""
    if done.lock is None:
        return []
    texts = texts_of([done.lock], wanted.format)
    kept = _snapshot_beside(done.folder / NAMES[wanted.format])
    renewed = wanted.keep_snapshot or kept.is_file()
    records = snapshot.write(_reachable(done, done.lock)) if renewed and not wanted.offline else b""
    changed = write_files({done.folder / name: text for name, text in texts.items()}, done.folder)
    if records and not (kept.is_file() and kept.read_bytes() == records):
        write_bytes_atomically(kept, records)
        changed.append(kept)
    return changed


def _root(path: Path, settings: Settings) -> Path:
    """The folder to work in: a manifest named outside of PATH brings its own."""
    root = path if path.is_dir() else path.parent
    if settings.manifest:
        folder = Path(settings.manifest).resolve().parent
        return root if folder.is_relative_to(root.resolve()) else folder
    return root


def _manifest(project: Project, environment: str) -> Manifest:
    whole = [m for m in project.of(Manifest) if not m.partial]
    found = [m for m in whole if not environment or (m.environment or "default") == environment]
    if len(found) == 1:
        return found[0]
    if whole and len({m.path for m in found or whole}) == 1:
        names = ", ".join(m.environment or "default" for m in whole[:10])
        has = f"{whole[0].path} has the environments {names}"
        raise UsageError(has, "Name one: --environment NAME.")
    if not found:
        raise UsageError("There is no manifest to lock", "Name it: --manifest FILE.")
    names = ", ".join(sorted({m.path for m in found})[:5])
    raise UsageError(f"There are {len(found)} manifests: {names}", "Name one: --manifest FILE.")


def _before(project: Project, manifest: Manifest, target: Path, root: Path) -> Lock | None:
    """The lock that is there already and belongs to this manifest."""
    here = target.resolve()
    if not here.is_relative_to(root.resolve()):
        return None  # a link, which nothing will be written through
    name = here.relative_to(root.resolve()).as_posix()
    locks = [*project.locks_of(manifest), *project.of(Lock)]
    return next((lock for lock in locks if lock.path == name), None)


def _order(  # noqa: PLR0917  (each is a different thing)
    project: Project,
    manifest: Manifest,
    settings: Settings,
    wanted: Wanted,
    folder: Path,
    before: Lock | None,
) -> Order:
    host = _target(project, len(settings.targets))
    site = replace(wanted.site, host=host, folder=folder.resolve().as_posix())
    return Order(
        manifest=manifest,
        platforms=_known(platforms_of(manifest, settings.platforms, host)),
        site=site,
        pip=pip_lines(manifest, project),
        kept=() if before is None or wanted.fresh else _kept(before, wanted.update),
        indexes=toolbox.indexes(folder),
        offline=wanted.offline,
        allow_sdists=wanted.allow_sdists,
        variables=os.environ,
    )


def _target(project: Project, named: int) -> Host | None:
    """The one fact sheet that is named, else the project's; they are read last."""
    hosts = project.of(Host)
    hosts = hosts[-named:] if named else hosts
    if len(hosts) > 1:
        names = ", ".join(host.path for host in hosts[:5])
        hint = "Name one with --target, or state what all have with --virtual-package."
        raise UsageError(f"A lock is made for one target, and here are {len(hosts)}: {names}", hint)
    return hosts[0] if hosts else None


def _known(platforms: Sequence[str]) -> tuple[str, ...]:
    for name in platforms:
        if name not in PLATFORMS:
            near = get_close_matches(name, PLATFORMS, 3, 0.5)
            hint = f"There is {', '.join(near)}." if near else ""
            raise UsageError(f"There is no platform {name[:60]!r}", hint)
    return tuple(platforms)


def _kept(before: Lock, update: Sequence[str]) -> tuple[Package, ...]:
    """What of the older lock stays where it can: all but what is to be updated."""
    moving = {(name.lower(), normalized(name)) for name in update}
    known = {p.name for p in before.packages}
    for name, project in moving:
        if name not in known and project not in known:
            near = get_close_matches(name, known, 3)
            hint = f"There is {', '.join(near)}." if near else ""
            raise UsageError(f"{before.path} has no package {name[:60]!r} to update", hint)
    conda, pip = {name for name, _ in moving}, {project for _, project in moving}
    return tuple(
        p for p in before.packages if p.name not in (conda if p.manager == "conda" else pip)
    )


def _recorded(target: Path, order: Order) -> Reachable | None:
    """Without a network: the snapshot beside the lock, or none where channels are files."""
    beside = _snapshot_beside(target)
    if beside.is_file():
        return snapshot.read(read_bytes(beside))
    if all(map(is_local, _addresses(order))):
        return None
    raise UsageError(
        f"Without a network nothing is known of the channels: there is no {beside.name}",
        "Lock once with a network and --snapshot.",
    )


def _sure(outcome: Outcome, kept: Reachable | None) -> Outcome:
    """A snapshot proves nothing about a question that it was not made for."""
    if kept is None or not isinstance(outcome, Refused):
        return outcome
    asked = kept.asked.get(outcome.platform) == snapshot.digest(outcome.question)
    if asked or not isinstance(outcome.answer, Unsolvable):
        return outcome
    why = "The manifest asks for other things than when its snapshot was made, and for more"
    return replace(outcome, answer=Untried(why, "Lock once with a network and --snapshot."))


def _addresses(order: Order) -> Iterable[str]:
    for platform in order.platforms:
        for tier in question(order.manifest, platform, order.site).tiers:
            yield from tier.urls


def _snapshot_beside(target: Path) -> Path:
    return target.with_name(target.name + snapshot.SUFFIX)


def _reachable(done: Locked, lock: Lock) -> Iterable[Reachable]:
    for platform in done.order.platforms:
        asked = question(done.manifest, platform, done.order.site)
        found = done.solver.reachable(asked)
        if isinstance(found, Untried):
            raise UsageError(f"No snapshot could be made: {found.reason}", found.hint)
        slim = snapshot.slimmed(found, lock.packages)
        yield replace(slim, asked={platform: snapshot.digest(asked)})
