"""The files of a prefix against its records: every one owned, a by-product, or told."""

from __future__ import annotations

import posixpath
import stat
from array import array
from collections.abc import Iterator

from conda_preflight.accounting import bytecode
from conda_preflight.accounting.claims import Claims
from conda_preflight.accounting.contents import EMPTY, Contents
from conda_preflight.accounting.link_targets import CIRCLE, NOWHERE, OUTSIDE, LinkTargets
from conda_preflight.accounting.python_side import python_side
from conda_preflight.accounting.survey import Survey
from conda_preflight.documents import accounts as told
from conda_preflight.documents.accounts import Accounts, Deviation
from conda_preflight.documents.inventory import (
    ANY,
    BYTECODE,
    FILE,
    FOLDER,
    LINK,
    SCRIPT,
    Inventory,
    OwnedFile,
    Owner,
)

RECORDS = "conda-meta"
PROGRAMS = ("bin/", "sbin/")
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}
_WAS = {
    ANY: "a file",
    FILE: "a file",
    SCRIPT: "a file",
    BYTECODE: "a file",
    LINK: "a link",
    FOLDER: "a folder",
}
_PLAIN = (stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR)
_SPECIAL_BITS = stat.S_ISUID | stat.S_ISGID
_STARTS = (b"#!", b"\x7fELF")
_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/")
_SCRIPT = "is more than the start of a program that an installer writes"


def reconcile(ground: Survey, contents: Contents | None, level: str) -> Accounts:
    """The deviations of a tree from its records; without contents, sizes and kinds alone."""
    return Reckoning(ground).accounts(contents, level)


class Reckoning:
    """What is where, told at once, while the contents are still being read elsewhere."""

    def __init__(self, ground: Survey) -> None:
        self.ground = ground
        self.tree, self.index, self.claims = ground.tree, ground.index, ground.claims
        self.contents: Contents | None = None
        self.targets = LinkTargets(ground.index, ground.tree.links, ground.roots)
        self.packed = _packed_digests(ground.claims)
        self.deviations: list[Deviation] = []
        self.owned = bytearray(len(self.tree.paths))
        self.present: tuple[array[int], list[str]] = (array("L"), [])
        self.compared = 0
        self.unverified = 0
        self._take_owned()
        self._take_rest()

    def accounts(self, contents: Contents | None, level: str) -> Accounts:
        """All deviations; to be called once."""
        self.contents = contents
        for place, path in zip(*self.present, strict=True):
            owner, file = self.claims.first[path]
            self._mode(place, path, owner)
            if path in self.claims.further:
                self._shared(place, path, owner, file)
            else:
                self._content(place, path, owner, file)
        self._take_bytecode()
        for path, reason in self.tree.closed.items():
            self._say(told.UNREADABLE, path or ".", None, reason.lower())
        inventory = self.ground.inventory
        self.deviations.extend(_records(inventory))
        return Accounts(
            path=inventory.path,
            location=inventory.location,
            level=level,
            deviations=tuple(sorted(self.deviations)),
            files=sum(not stat.S_ISDIR(mode) for mode in self.tree.modes),
            compared=self.compared,
            unverified=self.unverified,
            skipped=self.tree.skipped,
            site_packages=inventory.site_packages,
        )

    def _say(self, fault: str, path: str, owner: Owner | None, detail: str) -> None:
        name, record = (owner.package.name, owner.record) if owner else ("", "")
        self.deviations.append(Deviation(fault, path, name, record, detail))

    def _take_owned(self) -> None:
        place_of = self.index.get
        for path, (owner, file) in self.claims.first.items():
            place = place_of(path)
            if place is None:
                place = place_of(self.targets.real(path))
            if place is None:
                self._absent(path, owner, file)
            else:
                self.owned[place] = 1
                self._present(place, path, owner, file)

    def _absent(self, path: str, owner: Owner, file: OwnedFile) -> None:
        if file.kind in (BYTECODE, FOLDER) or owner.replaced_by or self._is_hidden(path):
            return
        if path.startswith(("/", "../")):
            self._say(
                told.ESCAPE, path, owner, "is not in the environment, and is listed as its own"
            )
            return
        self._say(told.MISSING, path, owner, "is missing")

    def _is_hidden(self, path: str) -> bool:
        """Whether the folder that it is in could not be looked into, or was not."""
        folders = (*self.tree.closed, *self.tree.skipped)
        return any(path.startswith(f"{folder}/") or not folder for folder in folders)

    def _present(self, place: int, path: str, owner: Owner, file: OwnedFile) -> None:
        kind = stat.S_IFMT(self.tree.modes[place])
        if kind == stat.S_IFLNK and file.kind in (LINK, ANY):
            self._link(path, owner, file)
        elif kind == stat.S_IFREG and file.kind != FOLDER:
            self.present[0].append(place)
            self.present[1].append(path)
        elif kind != stat.S_IFDIR or file.kind not in (FOLDER, ANY):
            was = _WAS[file.kind]
            self._say(told.WRONG_KIND, path, owner, f"is {_KINDS.get(kind, '?')} and was {was}")

    def _content(self, place: int, path: str, owner: Owner, file: OwnedFile) -> None:
        size = self.tree.sizes[place]
        if file.size >= 0 and size != file.size:
            is_empty = "is empty" if not size else f"has {size:,} bytes"
            self._say(told.ALTERED, path, owner, f"{is_empty} and had {file.size:,}")
            return
        if self.contents is None:
            return
        if place in self.contents.failed:
            if self.tree.modes[place] & stat.S_IRUSR:
                self._say(told.UNREADABLE, path, owner, self.contents.failed[place].lower())
            return
        fits = self.contents.fits(place, file)
        self.compared += fits is not None
        self.unverified += fits is None and file.kind != BYTECODE
        if fits is not False and self._is_run_elsewhere(place):
            by = self.contents.interpreters[place]
            self._say(told.FOREIGN, path, owner, by)
        if fits is False:
            what = _SCRIPT if file.kind == SCRIPT and not file.digest else "has another content"
            self._say(told.ALTERED, path, owner, what)

    def _is_run_elsewhere(self, place: int) -> bool:
        """Whether a script's first line names the Python of another environment."""
        by = self.contents.interpreters.get(place, "") if self.contents else ""
        name = posixpath.basename(by)
        inside = any(by.startswith(f"{root}/") for root in self.ground.roots)
        is_system = by.startswith(_SYSTEM) and not name.startswith(("python", "pypy"))
        return by.startswith("/") and not inside and not is_system

    def _shared(self, place: int, path: str, owner: Owner, file: OwnedFile) -> None:
        """A file of several owners: all alike, of one of them, or of none."""
        everybody = [(owner, file), *self.claims.further[path]]
        telling = [each for each in everybody if each[1].digest] or [(owner, file)]
        if len({each.digest for _, each in telling}) == 1 or file.kind == BYTECODE:
            self._content(place, path, *telling[0])
            return
        fitting = [o for o, f in telling if self.contents and self.contents.fits(place, f)]
        names = " and ".join(dict.fromkeys(o.package.name for o, _ in everybody))
        whose = f", and is that of {fitting[0].package.name}" if fitting else ""
        self._say(told.COLLISION, path, owner, f"belongs to {names}{whose}")
        sizes = [f.size for _, f in telling]
        is_other = -1 not in sizes and self.tree.sizes[place] not in sizes
        if is_other or (self.contents and not fitting and place in self.contents.digests):
            self._say(told.ALTERED, path, owner, f"is none of the files that {names} brought")

    def _mode(self, place: int, path: str, owner: Owner | None) -> None:
        mode = self.tree.modes[place]
        if mode & stat.S_IWOTH:
            self._say(told.WRITABLE, path, owner, "can be changed by everybody")
        if mode & _SPECIAL_BITS:
            self._say(told.WRONG_MODE, path, owner, "runs with the rights of its owner")
        elif not mode & stat.S_IRUSR:
            self._say(told.WRONG_MODE, path, owner, "cannot be read by its owner")
        elif owner and path.startswith(PROGRAMS) and not mode & stat.S_IXUSR:
            start = self.contents.starts.get(place, b"") if self.contents else b""
            if start.startswith(_STARTS):
                self._say(told.WRONG_MODE, path, owner, "is a program and cannot be started")

    def _link(self, path: str, owner: Owner, file: OwnedFile) -> None:
        real = path if path in self.tree.links else self.targets.real(path)
        target = self.targets.of(real)
        if target.kind == OUTSIDE:
            self._say(told.ESCAPE, path, owner, f"leads to {target.path}")
        elif target.kind == CIRCLE:
            self._say(told.ALTERED, path, owner, "leads in a circle")
        elif target.kind == NOWHERE:
            if target.path not in self.claims.first and file.digest in self.packed:
                self._say(told.ALTERED, path, owner, f"leads to {target.path}, which is not there")
        elif self._is_elsewhere(target.path, file):
            self._say(
                told.ALTERED, path, owner, f"leads to {target.path}, another file than before"
            )

    def _is_elsewhere(self, path: str, file: OwnedFile) -> bool:
        """Whether a link once led to a file that is known, and now leads to another."""
        claim = self.claims.first.get(path)
        now = _packed_digest(claim[1]) if claim else ""
        return now != file.digest and file.digest in self.packed

    def _take_rest(self) -> None:
        """What no record lists."""
        unlisted = tuple(f for owner in self.ground.inventory.owners for f in owner.unlisted)
        for path, place in self.index.items():
            mode = self.tree.modes[place]
            kind = stat.S_IFMT(mode)
            if kind == stat.S_IFDIR:
                self._folder(path, mode)
            elif not self.owned[place] and not path.startswith(f"{RECORDS}/"):
                self._nobodys(path, place, kind, unlisted)

    def _folder(self, path: str, mode: int) -> None:
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            self._say(told.WRITABLE, path, None, "is a folder that everybody can change")

    def _nobodys(self, path: str, place: int, kind: int, unlisted: tuple[str, ...]) -> None:
        if kind == stat.S_IFLNK:
            target = self.targets.of(path)
            if target.kind == OUTSIDE:
                self._say(told.ESCAPE, path, None, f"leads to {target.path}")
                return
        elif kind not in _PLAIN:
            self._say(told.WRONG_KIND, path, None, f"is {_KINDS.get(kind, 'no file')}")
            return
        else:
            self._mode(place, path, None)
        is_made = bytecode.CACHE in path and bytecode.is_left_of(path, self.index)
        if not is_made and not any(path == f or path.startswith(f"{f}/") for f in unlisted):
            self._say(told.ORPHAN, path, None, _KINDS[kind])

    def _take_bytecode(self) -> None:
        """Compiled files that are not what their source would be."""
        for place, wrong in self.contents.bytecode.items() if self.contents else ():
            path = self.tree.paths[place]
            folder, _, name = path.rpartition(bytecode.CACHE)
            source = f"{folder}/{name.partition('.')[0]}.py"
            owner = self.claims.first[source][0] if source in self.claims.first else None
            self._say(told.BYTECODE, path, owner, wrong)


def _records(inventory: Inventory) -> Iterator[Deviation]:
    """What the records alone give away."""
    for fault in inventory.faults:
        yield Deviation(told.UNLISTED, fault.path, fault.about, fault.fix, fault.message)
    for owner, path in inventory.disagreeing:
        yield Deviation(told.DISAGREE, path, owner, "", "")
    yield from python_side(inventory)


def _packed_digests(claims: Claims) -> frozenset[str]:
    """The digests that files had in their packages; links are known by them."""
    found = {_packed_digest(file) for _, file in claims.first.values() if file.kind == FILE}
    return frozenset(found - {"", EMPTY})


def _packed_digest(file: OwnedFile) -> str:
    return file.original.digest if file.original else file.digest
