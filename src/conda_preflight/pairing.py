"""Which manifest a lock belongs to, from what both say, what they are called and where they lie."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence

from conda_preflight.documents import Lock, Manifest
from conda_preflight.pattern import lazy_pattern

_PIXI = ("pixi.toml", "pyproject.toml")
_PIXI_LOCKS = ("pixi.lock", "magic.lock")
_YAML = (".yml", ".yaml")
_WORD = lazy_pattern(r"[a-z0-9]+")
_MEANINGLESS = frozenset(
    (
        *("conda", "lock", "locked", "pixi", "environment", "env", "environments", "default"),
        *("yml", "yaml", "txt", "toml", "explicit", "spec", "specs", "file", "list", "export"),
        *("pinned", "frozen", "packages", "package", "requirements", "md5", "sha256"),
        *("linux", "osx", "win", "noarch", "32", "64", "aarch64", "arm64", "ppc64le", "s390x"),
    )
)
"""Words of file names that say what a file is, not which environment it holds."""


def pair(manifests: Sequence[Manifest], locks: Sequence[Lock]) -> tuple[tuple[Manifest, Lock], ...]:
    """Each lock with the manifests it was made from, as far as that can be told."""
    pixi = {lock.path for lock in locks if lock.kind == "pixi.lock"}
    return tuple(
        (manifest, lock)
        for lock in locks
        for manifest in (
            _pixi_owners(lock, manifests, pixi)
            if lock.kind == "pixi.lock"
            else _owners(lock, manifests)
        )
    )


def _owners(lock: Lock, manifests: Sequence[Manifest]) -> list[Manifest]:
    plain = _without_pixi(manifests)
    if lock.sources:
        named = _by_sources(lock, plain)
        if named or not all(s.text.lower().endswith(_YAML) for s in lock.sources):
            return named
        plain = [m for m in plain if _folder(m.path) == _folder(lock.path)]
    candidates = [m for m in plain if not m.partial]
    return _by_name(lock, _nearest(lock, candidates))[:1]


def _without_pixi(manifests: Sequence[Manifest]) -> list[Manifest]:
    """The manifests of other tools; of a pyproject.toml the last, its table of conda-lock."""
    found = [m for m in manifests if m.kind != "pixi.toml" and not m.environment]
    last = {m.path: m for m in found}
    return [m for m in found if last[m.path] is m]


def _pixi_owners(
    lock: Lock, manifests: Sequence[Manifest], locks: Collection[str]
) -> list[Manifest]:
    """The manifest of the lock's environment; a pixi.toml goes before a pyproject.toml."""
    folder = _folder(lock.path)
    base = posixpath.basename(lock.path)
    if base not in _PIXI_LOCKS and any(posixpath.join(folder, n) in locks for n in _PIXI_LOCKS):
        return []
    wanted = lock.environment or "default"
    here = [m for m in manifests if m.kind in _PIXI and _folder(m.path) == folder]
    first = min((_PIXI.index(m.kind) for m in here), default=0)
    fitting = (m for m in here if (m.environment or "default") == wanted)
    return [m for m in fitting if _PIXI.index(m.kind) == first][:1]


def _by_sources(lock: Lock, manifests: Sequence[Manifest]) -> list[Manifest]:
    """The manifests that a lock names, each once, in the order of its sources."""
    found = (m for s in lock.sources for m in _named(s.text, lock, manifests))
    return list(dict.fromkeys(found))


def _named(source: str, lock: Lock, manifests: Iterable[Manifest]) -> list[Manifest]:
    """The manifest that one source means: relative to the lock, or lying elsewhere when locked.

    An absolute path is another machine's: the longest end of it that is here counts.
    """
    text = source.replace("\\", "/")
    wanted = posixpath.normpath(posixpath.join(_folder(lock.path), text))
    if not (text.startswith("/") or text[1:2] == ":"):
        return [m for m in manifests if m.path == wanted]
    ends = [m for m in manifests if f"/{text}".endswith(f"/{m.path}")]
    longest = max((len(m.path) for m in ends), default=0)
    beside = posixpath.join(_folder(lock.path), posixpath.basename(text))
    return [m for m in ends if len(m.path) == longest] or [m for m in manifests if m.path == beside]


def _nearest(lock: Lock, manifests: Sequence[Manifest]) -> list[Manifest]:
    """The manifests in the lock's folder or the first one above it with any, or the only one."""
    folder = _folder(lock.path)
    while True:
        here = [m for m in manifests if _folder(m.path) == folder]
        if here or not folder:
            break
        folder = _folder(folder)
    return here or (list(manifests) if len(manifests) == 1 else [])


def _by_name(lock: Lock, manifests: Sequence[Manifest]) -> list[Manifest]:
    """The manifests whose names say that the lock is theirs, the best first."""
    said = _words(lock.path)
    telling = said - _MEANINGLESS
    ranked = [(-_likeness(m, telling, lock, len(manifests)), m) for m in manifests]
    fitting = [(rank, -len(_words(m.path) & said), len(m.path), m) for rank, m in ranked if rank]
    return [m for *_, m in sorted(fitting, key=lambda row: row[:3])]


def _likeness(manifest: Manifest, telling: frozenset[str], lock: Lock, rivals: int) -> int:
    """4 for the same words in both file names, then the environment's name, then a part; 0 none."""
    own = _words(manifest.path) - _MEANINGLESS
    name = manifest.name.text.lower() if manifest.name else ""
    called = frozenset(_WORD.findall(name))
    if own == telling:
        return 4
    if name and (name == lock.name.lower() or called == telling):
        return 3
    if (own and own < telling) or (telling and telling < called):
        return 2
    alone = rivals == 1 and not telling
    return int(alone or not own)


def _words(path: str) -> frozenset[str]:
    return frozenset(_WORD.findall(posixpath.basename(path).lower()))


def _folder(path: str) -> str:
    return posixpath.dirname(path)
