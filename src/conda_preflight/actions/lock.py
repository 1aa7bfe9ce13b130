"""Solves a manifest for its platforms and writes the lock: all of it, or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from conda_preflight import toolbox
from conda_preflight.config import Settings
from conda_preflight.documents import Host, Lock, Manifest, Project
from conda_preflight.errors import UsageError
from conda_preflight.grammar.included import pip_lines
from conda_preflight.lockfiles import write as texts_of
from conda_preflight.lockfiles.writing import write_files
from conda_preflight.output import write_bytes_atomically
from conda_preflight.plain import document_type
from conda_preflight.project import open_project
from conda_preflight.solving import locking, snapshot
from conda_preflight.solving.locked import Locked
from conda_preflight.solving.locking import Half, Order, Refused
from conda_preflight.solving.platforms import platforms_of
from conda_preflight.solving.question import Reachable, Solver, Untried
from conda_preflight.solving.site import Site, question

NAMES = {"conda-lock": "conda-lock.yml", "pixi": "pixi.lock", "explicit": "pinned_specs.txt"}


@document_type
class Wanted:
    """How to lock, beside what the manifest says.

    ``site`` lacks the target, which the project has; ``update`` are packages that may move
    though the rest of an older lock stays; ``fresh`` lets all move.
    """

    site: Site
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
    manifest = _manifest(project)
    folder = (root / manifest.path).parent
    target = folder / NAMES[wanted.format]
    before = _before(project, manifest, target, root)
    order = _order(project, manifest, settings.platforms, wanted, folder, before)
    solver = _solver(target, wanted)
    pip = toolbox.pip_resolver(wanted.seconds)
    with ThreadPoolExecutor(max(1, len(order.platforms))) as pool:
        outcomes = list(
            pool.map(lambda name: locking.solve(order, name, solver, pip), order.platforms)
        )
    refused = tuple(each for each in outcomes if isinstance(each, Refused))
    halves = tuple(each for each in outcomes if isinstance(each, Half))
    made = None if refused else locking.lock(order, halves, target.name)
    return Locked(manifest, order, solver, halves, refused, made, before, folder)


def write(done: Locked, wanted: Wanted) -> list[Path]:
    """Write the lock, and the snapshot where one is wanted; returns what changed."""
    if done.lock is None:
        return []
    texts = texts_of([done.lock], wanted.format)
    changed = write_files({done.folder / name: text for name, text in texts.items()}, done.folder)
    kept = _snapshot_beside(done.folder / NAMES[wanted.format])
    if wanted.keep_snapshot or (kept.exists() and not wanted.offline):
        data = snapshot.write(_reachable(done))
        if not kept.exists() or kept.read_bytes() != data:
            write_bytes_atomically(kept, data)
            changed.append(kept)
    return changed


def _root(path: Path, settings: Settings) -> Path:
    """The folder to work in: a manifest named outside of PATH brings its own."""
    root = path if path.is_dir() else path.parent
    if settings.manifest:
        folder = Path(settings.manifest).resolve().parent
        return root if folder.is_relative_to(root.resolve()) else folder
    return root


def _manifest(project: Project) -> Manifest:
    found = [m for m in project.of(Manifest) if not m.partial]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("There is no manifest to lock", "Name it: --manifest FILE.")
    names = ", ".join(sorted({m.path for m in found})[:5])
    raise UsageError(f"There are {len(found)} manifests: {names}", "Name one: --manifest FILE.")


def _before(project: Project, manifest: Manifest, target: Path, root: Path) -> Lock | None:
    """The lock that is there already and belongs to this manifest."""
    name = target.resolve().relative_to(root.resolve()).as_posix()
    locks = [*project.locks_of(manifest), *project.of(Lock)]
    return next((lock for lock in locks if lock.path == name), None)


def _order(  # noqa: PLR0917  (each is a different thing)
    project: Project,
    manifest: Manifest,
    platforms: tuple[str, ...],
    wanted: Wanted,
    folder: Path,
    before: Lock | None,
) -> Order:
    kept = () if wanted.fresh or before is None else before.packages
    host = next(iter(project.of(Host)), None)
    site = replace(wanted.site, host=host, folder=folder.resolve().as_posix())
    return Order(
        manifest=manifest,
        platforms=platforms_of(manifest, platforms, host),
        site=site,
        pip=pip_lines(manifest, project),
        kept=tuple(p for p in kept if p.name not in wanted.update),
        indexes=toolbox.indexes(folder),
        offline=wanted.offline,
        allow_sdists=wanted.allow_sdists,
        variables=os.environ,
    )


def _solver(target: Path, wanted: Wanted) -> Solver:
    """Offline the snapshot beside the lock answers for the channels."""
    kept: Reachable | None = None
    beside = _snapshot_beside(target)
    if wanted.offline and beside.is_file():
        kept = snapshot.read(beside.read_bytes())
    return toolbox.solver(wanted.seconds, kept, show_progress=wanted.show_progress)


def _snapshot_beside(target: Path) -> Path:
    return target.with_name(target.name + snapshot.SUFFIX)


def _reachable(done: Locked) -> Iterable[Reachable]:
    for platform in done.order.platforms:
        found = done.solver.reachable(question(done.manifest, platform, done.order.site))
        if isinstance(found, Untried):
            raise UsageError(f"No snapshot could be made: {found.reason}", found.hint)
        yield found
