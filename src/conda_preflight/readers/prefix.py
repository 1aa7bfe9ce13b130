"""A prefix, which is an installed environment: conda's records, pip's projects and markers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conda_preflight.documents import Document, Location, Package, Prefix, Unreadable
from conda_preflight.errors import ReadError
from conda_preflight.grammar import conda_history, conda_meta, dist_info
from conda_preflight.opening import decode, read_bytes

MAX_ENTRIES = 50_000


def read(directory: Path, name: str) -> list[Document]:
    """The Prefix, and an Unreadable for each record that cannot be read; never raises."""
    reading = _Reading(directory, name)
    reading.take_records()
    reading.take_history()
    externally_managed = False
    for library in reading.libraries():
        externally_managed |= (library / "EXTERNALLY-MANAGED").is_file()
        reading.take_projects(library / "site-packages")
    prefix = Prefix(
        path=name,
        location=Location(name),
        packages=tuple(reading.packages),
        requested=reading.requested,
        frozen=os.path.lexists(directory / "conda-meta" / "frozen"),
        externally_managed=externally_managed,
    )
    return [prefix, *reading.unreadable]


@dataclass(slots=True, eq=False)
class _Reading:
    root: Path
    name: str
    packages: list[Package] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    requested: dict[str, str] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)

    def take_records(self) -> None:
        for entry in self._entries(self.root / "conda-meta"):
            if not entry.name.endswith(".json") or entry.name.startswith("."):
                continue
            path = self._path(Path(entry.path))
            try:
                record = conda_meta.parse(self._bytes(Path(entry.path)), path)
            except ReadError as error:
                self._refuse(path, error)
                continue
            self.packages.append(record.package)
            self.owned |= record.owned
            if record.requested:
                self.requested[record.package.name] = record.requested

    def take_history(self) -> None:
        """History tells of specs where the records do not."""
        file = self.root / "conda-meta" / "history"
        if not os.path.lexists(file):
            return
        try:
            text = decode(self._bytes(file))[0]
        except ReadError as error:
            self._refuse(self._path(file), error)
            return
        installed = {package.name for package in self.packages}
        for name, spec in conda_history.requested(text, self._path(file)).items():
            if name in installed:
                self.requested.setdefault(name, spec)

    def libraries(self) -> list[Path]:
        """The folders of Python's library, each once, however many links lead to it."""
        folders = [
            Path(entry.path)
            for entry in self._entries(self.root / "lib")
            if entry.name.startswith(("python", "pypy")) and entry.is_dir()
        ]
        if not folders and (self.root / "Lib" / "site-packages").is_dir():
            folders = [self.root / "Lib"]
        real: dict[str, Path] = {}
        for folder in sorted(folders, key=os.path.islink):  # the folder itself before its links
            real.setdefault(os.path.realpath(folder), folder)
        return [folder for folder in real.values() if self._inside(folder)]

    def take_projects(self, site: Path) -> None:
        for entry in self._entries(site):
            folder = Path(entry.path)
            inside = folder.relative_to(self.root).as_posix()
            if not entry.name.endswith(".dist-info") or inside in self.owned:
                continue
            path = self._path(folder / "METADATA")
            try:
                self._take_project(folder, path)
            except ReadError as error:
                self._refuse(path, error)

    def _take_project(self, folder: Path, path: str) -> None:
        origin = folder / "direct_url.json"
        direct = self._bytes(origin) if os.path.lexists(origin) else b""
        package = dist_info.parse(self._bytes(folder / "METADATA"), direct, path)
        self.packages.append(package)
        if os.path.lexists(folder / "REQUESTED"):
            self.requested.setdefault(package.name, package.name)

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """What a folder of the prefix holds, by name; nothing where there is no such folder."""
        if not self._inside(folder):
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        if len(entries) > MAX_ENTRIES:
            error = ReadError(f"Only the first {MAX_ENTRIES} entries here were looked at")
            self._refuse(self._path(folder), error)
        yield from entries[:MAX_ENTRIES]

    def _bytes(self, file: Path) -> bytes:
        if not self._inside(file):
            raise ReadError(
                "This is a link that leads out of the environment",
                "Reinstall the package that it belongs to.",
            )
        return read_bytes(file)

    def _inside(self, file: Path) -> bool:
        real = os.path.realpath(file)
        root = os.path.realpath(self.root)
        return real == root or real.startswith(root.rstrip(os.sep) + os.sep)

    def _path(self, file: Path) -> str:
        path = f"{self.name}/{file.relative_to(self.root).as_posix()}"
        return path.encode("utf-8", "replace").decode()

    def _refuse(self, path: str, error: ReadError) -> None:
        place = Location(path, error.line, error.column)
        self.unreadable.append(Unreadable(path, error.message, error.hint, place))
