"""A prefix, which is an installed environment: conda's records, pip's projects and markers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conda_preflight.documents import Document, Location, Package, Prefix, Replaced, Unreadable
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import conda_history, conda_meta, conda_paths, dist_info
from conda_preflight.grammar.takeover import CONDA, installer_of, is_taken_over
from conda_preflight.opening import decode
from conda_preflight.pattern import lazy_pattern
from conda_preflight.prefix_folder import MAX_ENTRIES, PrefixFolder

_ENDS = lazy_pattern(r"(?:-py[0-9.]+)?\.(?:dist|egg)-info$")
"""What follows the version in the name of a project's folder."""


def read(directory: Path, name: str) -> list[Document]:
    """The Prefix, and an Unreadable for each record that cannot be read; never raises."""
    reading = _Reading(PrefixFolder(directory), name)
    reading.take_records()
    reading.take_history()
    externally_managed = False
    for library in reading.folder.libraries():
        externally_managed |= (library / "EXTERNALLY-MANAGED").is_file()
        reading.take_projects(library / "site-packages")
    prefix = Prefix(
        path=name,
        location=Location(name),
        packages=tuple(reading.packages),
        requested=reading.requested,
        root=str(directory.absolute()),
        frozen=os.path.lexists(directory / "conda-meta" / "frozen"),
        externally_managed=externally_managed,
        replaced=tuple(reading.replaced),
        projects=reading.projects,
    )
    return [prefix, *reading.unreadable]


def _by_name(file: str, path: str) -> Iterator[Package]:
    """The package that a broken record is of, by the name of its file."""
    parts = file.removesuffix(".json").rsplit("-", 2)
    if len(parts) == 3 and all(parts):  # noqa: PLR2004  (name, version and build)
        name, version, build = parts
        yield Package("conda", name.lower(), version, Location(path), build)


@dataclass(slots=True, eq=False)
class _Reading:
    folder: PrefixFolder
    name: str
    packages: list[Package] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    requested: dict[str, str] = field(default_factory=dict)
    owned: dict[str, Path] = field(default_factory=dict)
    brought: dict[str, Package] = field(default_factory=dict)
    projects: dict[str, tuple[str, str]] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)

    def take_records(self) -> None:
        for entry in self._entries(self.folder.root / "conda-meta"):
            if not entry.name.endswith(".json") or entry.name.startswith("."):
                continue
            path = self._path(Path(entry.path))
            try:
                record = conda_meta.parse(self.folder.read(Path(entry.path)), path)
            except ReadError as error:
                self._refuse(path, error)
                self.packages.extend(_by_name(entry.name, path))
                continue
            self.packages.append(record.package)
            self._own(record, Path(entry.path))
            if record.requested:
                self.requested[record.package.name] = record.requested

    def _own(self, record: conda_meta.Record, file: Path) -> None:
        for folder in record.owned:
            self.owned[folder] = file
            site, _, own = folder.rpartition("/")
            if not site.endswith("site-packages"):
                continue  # what a project carries in itself is not installed
            stem, _, rest = own.partition("-")
            self.brought[normalized(stem)] = record.package
            self.projects[normalized(stem)] = (_ENDS.sub("", rest), record.package.name)

    def take_history(self) -> None:
        """History tells of specs where the records do not."""
        file = self.folder.root / "conda-meta" / "history"
        if not os.path.lexists(file):
            return
        try:
            text = decode(self.folder.read(file))[0]
        except ReadError as error:
            self._refuse(self._path(file), error)
            return
        installed = {package.name for package in self.packages}
        for name, spec in conda_history.requested(text, self._path(file)).items():
            if name in installed:
                self.requested.setdefault(name, spec)

    def take_projects(self, site: Path) -> None:
        place = self.folder.place(site)
        for entry in self._entries(site):
            if not entry.name.endswith(".dist-info"):
                continue
            folder, inside = Path(entry.path), f"{place}/{entry.name}"
            try:
                is_known = inside in self.owned and not self._is_taken_over(folder, inside)
                if not is_known and not self.folder.is_empty(folder):  # what a removal leaves
                    self._take_project(folder, self._path(folder / "METADATA"))
            except ReadError as error:
                self._refuse(self._path(folder / "METADATA"), error)

    def _take_project(self, folder: Path, path: str) -> None:
        installer = installer_of(self.folder.text(folder / "INSTALLER"))
        if installer == CONDA:
            return  # what is left of a conda package whose record is gone
        origin = folder / "direct_url.json"
        direct = self.folder.read(origin) if os.path.lexists(origin) else b""
        package = dist_info.parse(self.folder.read(folder / "METADATA"), direct, path)
        self.packages.append(package)
        if os.path.lexists(folder / "REQUESTED"):
            self.requested.setdefault(package.name, package.name)
        if package.name in self.brought:
            by = installer or "another installer"
            self.replaced.append(Replaced(self.brought[package.name], package, by))

    def _is_taken_over(self, folder: Path, inside: str) -> bool:
        installer = self.folder.text(folder / "INSTALLER")
        if installer_of(installer) in ("", CONDA):
            return False
        files = conda_paths.parse(self.folder.read(self.owned[inside]))
        return is_taken_over(files, inside, installer, self.folder.text(folder / "RECORD"))

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        entries = self.folder.entries(folder)
        if len(entries) > MAX_ENTRIES:
            error = ReadError(f"Only the first {MAX_ENTRIES} entries here were looked at")
            self._refuse(self._path(folder), error)
        yield from entries[:MAX_ENTRIES]

    def _path(self, file: Path) -> str:
        path = f"{self.name}/{self.folder.place(file)}"
        return path.encode("utf-8", "replace").decode()

    def _refuse(self, path: str, error: ReadError) -> None:
        place = Location(path, error.line, error.column)
        self.unreadable.append(Unreadable(path, error.message, error.hint, place))
