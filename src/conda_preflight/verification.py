"""Verifies a prefix file by file: walks it, has it hashed, and compares it with its records."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from conda_preflight import __version__
from conda_preflight.accounting.bytecode import Compiled, compiled
from conda_preflight.accounting.contents import Contents, is_special
from conda_preflight.accounting.reconcile import PROGRAMS, RECORDS, Reckoning, reconcile
from conda_preflight.accounting.survey import Survey, survey
from conda_preflight.documents import Location
from conda_preflight.documents.accounts import FULL, QUICK, Accounts, Deviation
from conda_preflight.documents.inventory import SCRIPT, Inventory, OwnedFile
from conda_preflight.documents.tree import Tree
from conda_preflight.engines import digest_cache
from conda_preflight.engines.bytecode_check import Pair, check_bytecode
from conda_preflight.engines.digest_cache import Kept
from conda_preflight.engines.file_digests import ALGORITHMS, FileDigests, Wanted
from conda_preflight.engines.tree_walk import walk
from conda_preflight.grammar.entry_point import MAX_BYTES, interpreter, is_entry_point

DEEP = 400
"""So many compiled files are compared with their sources at the usual level, the rest by header."""

LARGE = 10_000
"""So many files are worth a second process that walks them too."""

MAX_KEPT = 10_000
_NONE = bytes(32)
_NUMBERS = ("files", "compared", "unverified", "headers")

Told = Callable[[str, int, int], None]


def verify(
    root: Path,
    name: str,
    read: Callable[[Path, str], Inventory],
    *,
    level: str,
    cache: Path | None = None,
    told: Told | None = None,
    seen: str = "",
) -> Accounts:
    """The files of a prefix against its records.

    ``name`` is what reports call it, ``read`` reads its records, ``cache`` is a folder outside
    of it for digests, None for none, ``told`` hears how far it is; ``seen`` is the path that the
    prefix has for its own programs, where that is another. Never raises for what a prefix holds.
    """
    return _Verification(root, name, read, level=level, cache=cache, told=told, seen=seen).run()


def kept_digests(root: Path, cache: Path) -> Path:
    """The file, in the folder for digests, in which those of a prefix are kept."""
    key = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:32]
    return cache / f"{key}-{__version__}.digests"


class _Verification:
    def __init__(
        self,
        root: Path,
        name: str,
        read: Callable[[Path, str], Inventory],
        *,
        level: str,
        cache: Path | None,
        told: Told | None,
        seen: str,
    ) -> None:
        self._root, self._name, self._read, self._level = root, name, read, level
        names = (str(root.absolute()), os.path.realpath(root), seen)
        self._roots = tuple(filter(None, dict.fromkeys(names)))
        self._file = kept_digests(root, cache) if cache and level != QUICK else None
        self._told = told
        self._special: dict[int, Wanted] = {}
        self._results: dict[str, Any] = {}

    def run(self) -> Accounts:
        taken = time.time_ns()
        if self._level == QUICK:
            tree = walk(self._roots[0])
            index = {path: place for place, path in enumerate(tree.paths)}
            return reconcile(self._survey(tree, index), None, QUICK)
        kept = digest_cache.load(self._file) if self._file else None
        if kept is None:
            return self._anew(taken)
        tree = walk(self._roots[0], is_large=len(kept.tree.paths) > LARGE)
        same = kept.is_same(tree) and kept.is_settled(tree)
        self._results = dict(kept.results) if same else {}
        if self._level in self._results:
            return self._again(self._results[self._level])
        index = {path: place for place, path in enumerate(tree.paths)}
        known = kept.of(tree, index)
        del kept  # as large as the environment
        digests = self._begin(tree)
        digests.ask(self._files(tree, known))
        return self._compare(tree, known, digests, taken)

    def _anew(self, taken: int) -> Accounts:
        """Without digests of before: files are read while others are still being found."""
        tree = Tree(links={}, closed={})
        digests = self._begin(tree)
        asked = 0

        def ask() -> None:
            nonlocal asked
            digests.ask(self._files(tree, {}, asked))
            asked = len(tree.paths)

        whole = walk(self._roots[0], tree, ask)
        ask()
        return self._compare(whole, {}, digests, taken)

    def _begin(self, tree: Tree) -> FileDigests:
        def wanted(key: int) -> Wanted:
            if key < 0:
                return self._special[key]
            return Wanted(f"{self._roots[0]}/{tree.paths[key]}", tree.sizes[key])

        return FileDigests(wanted, self._hear)

    def _compare(
        self,
        tree: Tree,
        known: Mapping[int, bytes],
        digests: FileDigests,
        taken: int,
    ) -> Accounts:
        index = {path: place for place, path in enumerate(tree.paths)}
        ground = self._survey(tree, index)
        digests.ask(self._further(ground, known))
        reckoning = Reckoning(ground)
        digests.finish()
        contents = self._contents(ground, digests, known)
        wrong, headers = self._bytecode(ground)
        accounts = reckoning.accounts(replace(contents, bytecode=wrong), self._level)
        accounts = replace(accounts, headers=headers)
        self._keep(tree, contents.digests, taken, accounts)
        return accounts

    def _hear(self, done: int, total: int) -> None:
        self._tell("Comparing digests, MB", done // 1_000_000, total // 1_000_000)

    def _survey(self, tree: Tree, index: Mapping[str, int]) -> Survey:
        return survey(self._read(self._root, self._name), tree, index, self._roots)

    def _files(
        self, tree: Tree, known: Mapping[int, bytes], first: int = 0
    ) -> Iterator[tuple[int, int]]:
        """Every file but records and compiled ones, before it is known whose it is."""
        paths, modes, sizes = tree.paths, tree.modes, tree.sizes
        for place in range(first, len(paths)):
            path = paths[place]
            is_asked = not path.endswith(".pyc") and not path.startswith(f"{RECORDS}/")
            if is_asked and stat.S_ISREG(modes[place]) and place not in known:
                yield place, sizes[place]

    def _further(self, ground: Survey, known: Mapping[int, bytes]) -> Iterator[tuple[int, int]]:
        """Compiled files of which a digest is recorded, and those of which another one is."""
        tree = ground.tree
        for path, (_, file) in ground.claims.first.items():
            place = ground.index.get(path)
            if place is None or not stat.S_ISREG(tree.modes[place]):
                continue
            size = tree.sizes[place]
            if is_special(file) and (file.original or file.digest):
                algorithm = ALGORITHMS.get(len(file.digest), "sha256")
                original = self._original(file) if not file.digest else ()
                full = f"{self._roots[0]}/{path}"
                self._special[-place - 1] = Wanted(full, size, algorithm, original)
                yield -place - 1, size
            elif path.endswith(".pyc") and file.digest and place not in known:
                yield place, size

    def _original(self, file: OwnedFile) -> tuple[tuple[bytes, ...], bytes, bool]:
        packed = file.original
        placeholder = os.fsencode(packed.placeholder) if packed else b""
        return tuple(map(os.fsencode, self._roots)), placeholder, bool(packed and packed.binary)

    def _contents(
        self, ground: Survey, digests: FileDigests, known: Mapping[int, bytes]
    ) -> Contents:
        found = digests.found  # as large as the environment: it is not copied
        special = {-key - 1: found.pop(key) for key in self._special if key in found}
        found.update(known)
        return Contents(
            digests=found,
            special=special,
            scripts=dict(self._scripts(ground)),
            starts=dict(self._starts(ground)),
            interpreters=dict(self._interpreters(ground)),
            failed={k if k >= 0 else -k - 1: v for k, v in digests.failed.items()},
        )

    def _scripts(self, ground: Survey) -> Iterator[tuple[int, bool]]:
        """Of entry points without a digest, whether each is one and nothing else."""
        for path, (_, file) in ground.claims.first.items():
            place = ground.index.get(path)
            if file.kind == SCRIPT and not file.digest and place is not None:
                yield place, is_entry_point(self._start(path, MAX_BYTES + 1))

    def _starts(self, ground: Survey) -> Iterator[tuple[int, bytes]]:
        """How files begin that lie where programs are and cannot be started."""
        for path, place in ground.index.items():
            mode = ground.tree.modes[place]
            if path.startswith(PROGRAMS) and stat.S_ISREG(mode) and not mode & stat.S_IXUSR:
                yield place, self._start(path, 4)

    def _interpreters(self, ground: Survey) -> Iterator[tuple[int, str]]:
        for path, place in ground.index.items():
            mode = ground.tree.modes[place]
            if path.startswith(PROGRAMS) and stat.S_ISREG(mode) and path in ground.claims.first:
                by = interpreter(self._start(path, MAX_BYTES))
                if by and "/env " not in by and not by.endswith("/env"):
                    yield place, by

    def _start(self, path: str, size: int) -> bytes:
        try:
            file = os.open(f"{self._roots[0]}/{path}", os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return b""
        with os.fdopen(file, "rb") as stream:
            try:
                return stream.read(size)
            except OSError:
                return b""

    def _bytecode(self, ground: Survey) -> tuple[dict[int, str], int]:
        """What is wrong with compiled files, and how many were told by their headers alone."""
        found = list(compiled(ground.index, ground.claims, ground.inventory.python))
        is_deep = self._level == FULL or len(found) <= DEEP
        pairs = (self._pair(each, ground.tree, is_deep=is_deep) for each in found)
        wrong = check_bytecode(pairs, lambda done, of: self._tell("Compiled files", done, of))
        return wrong, 0 if is_deep else len(found)

    def _pair(self, each: Compiled, tree: Tree, *, is_deep: bool) -> Pair:
        return Pair(
            each.place,
            f"{self._roots[0]}/{tree.paths[each.place]}",
            f"{self._roots[0]}/{tree.paths[each.source]}",
            tree.sizes[each.source],
            tree.mtimes[each.source] // 1_000_000_000,
            each.optimize,
            is_deep,
        )

    def _keep(
        self, tree: Tree, digests: Mapping[int, bytes], taken: int, accounts: Accounts
    ) -> None:
        if self._file is None:
            return
        if len(accounts.deviations) <= MAX_KEPT:
            self._results[self._level] = _as_json(accounts)
        column = b"".join(digests.get(place, _NONE) for place in range(len(tree.paths)))
        digest_cache.store(self._file, Kept(tree, column, taken, self._results))

    def _again(self, result: Mapping[str, Any]) -> Accounts:
        """What was found the last time, nothing having changed since."""
        deviations = tuple(Deviation(*row) for row in result["deviations"])
        skipped, sites = tuple(result["skipped"]), tuple(result["site_packages"])
        numbers = {key: result[key] for key in _NUMBERS}
        place = Location(self._name)
        return Accounts(
            self._name,
            place,
            self._level,
            deviations,
            skipped=skipped,
            site_packages=sites,
            **numbers,
        )

    def _tell(self, step: str, done: int, total: int) -> None:
        if self._told:
            self._told(step, done, total)


def _as_json(accounts: Accounts) -> dict[str, Any]:
    return {
        "deviations": [list(each) for each in accounts.deviations],
        "skipped": list(accounts.skipped),
        "site_packages": list(accounts.site_packages),
        **{key: getattr(accounts, key) for key in _NUMBERS},
    }
