"""Which manifest a lock belongs to, from what both say and where they lie."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from conda_preflight.documents import Lock, Manifest

_PIXI = ("pixi.toml", "pyproject.toml")


def pair(manifests: Sequence[Manifest], locks: Sequence[Lock]) -> tuple[tuple[Manifest, Lock], ...]:
    """Each lock with the manifests it was made from, as far as that can be told."""
    return tuple((manifest, lock) for lock in locks for manifest in _owners(lock, manifests))


def _owners(lock: Lock, manifests: Sequence[Manifest]) -> list[Manifest]:
    if lock.kind == "pixi.lock":
        return [m for m in manifests if _is_pixi_pair(m, lock)]
    if named := _by_sources(lock, manifests):
        return named
    near = [m for m in manifests if m.kind != "pixi.toml" and _folder(m.path) == _folder(lock.path)]
    near = [m for m in near if not m.partial] or near
    if len(near) > 1:
        near = _by_name(lock, near)
    if not near and len(manifests) == 1 and not manifests[0].environment:
        near = list(manifests)
    return near[:1]


def _is_pixi_pair(manifest: Manifest, lock: Lock) -> bool:
    return (
        manifest.kind in _PIXI
        and _folder(manifest.path) == _folder(lock.path)
        and (manifest.environment or "default") == (lock.environment or "default")
    )


def _by_sources(lock: Lock, manifests: Iterable[Manifest]) -> list[Manifest]:
    """The manifests that a conda-lock file names; relative to the lock, or by file name alone."""
    wanted = {posixpath.normpath(posixpath.join(_folder(lock.path), s.text)) for s in lock.sources}
    return [m for m in manifests if m.path in wanted]


def _by_name(lock: Lock, manifests: Iterable[Manifest]) -> list[Manifest]:
    """The one manifest whose environment or file name stands in the lock's file name."""
    base = posixpath.basename(lock.path).lower()
    by_name = [m for m in manifests if m.name and (m.name.text in (lock.name, *base.split(".")))]
    if len(by_name) == 1:
        return by_name
    stems = [(posixpath.basename(m.path).partition(".")[0].lower(), m) for m in manifests]
    longest = sorted(
        ((len(stem), m.path) for stem, m in stems if stem in base or _tail(stem) in base),
        reverse=True,
    )
    if longest:
        return [m for _, m in stems if m.path == longest[0][1]][:1]
    return [m for stem, m in stems if stem in ("environment", "env")][:1]


def _tail(stem: str) -> str:
    """``gpu`` of ``environment-gpu``; a text that matches nothing where there is no dash."""
    return stem.rpartition("-")[2] if "-" in stem else "\0"


def _folder(path: str) -> str:
    return posixpath.dirname(path)
