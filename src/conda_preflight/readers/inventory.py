"""The inventory of a prefix: who owns which file, by conda's records and by wheels' RECORDs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from conda_preflight.documents import Location, Package
from conda_preflight.documents.inventory import Fault, Inventory, OwnedFile, Owner
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import conda_meta, conda_paths, dist_info, wheel_record
from conda_preflight.grammar.purl import pypi_projects
from conda_preflight.grammar.takeover import CONDA, installer_of, is_taken_over
from conda_preflight.prefix_folder import MAX_ENTRIES, PrefixFolder

_INFO = (".dist-info", ".egg-info")
_AGAIN = "Reinstall {}, so that its files can be verified."


def read(directory: Path, name: str) -> Inventory:
    """The packages of both managers with their files; never raises.

    ``name`` is what reports call the prefix. What cannot be read is in the faults, and what
    can still be made out of a broken record is taken.
    """
    reading = _Reading(PrefixFolder(directory), name)
    reading.take_records()
    sites = [library / "site-packages" for library in reading.folder.libraries()]
    sites = [site for site in sites if site.is_dir() and reading.folder.has_inside(site)]
    for site in sites:
        reading.take_projects(site)
    owners = tuple(reading.owners)
    return Inventory(
        path=name,
        location=Location(name),
        root=str(directory.absolute()),
        owners=owners,
        python=next((o.package.version for o in owners if _is_python(o.package)), ""),
        site_packages=tuple(map(reading.folder.place, sites)),
        faults=tuple(reading.faults),
        disagreeing=tuple(reading.disagreeing),
    )


def _is_python(package: Package) -> bool:
    return package.manager == "conda" and package.name in ("python", "pypy")


@dataclass(slots=True, eq=False)
class _Reading:
    folder: PrefixFolder
    name: str
    owners: list[Owner] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    infos: dict[str, int] = field(default_factory=dict)
    projects: dict[str, int] = field(default_factory=dict)
    disagreeing: list[tuple[str, str]] = field(default_factory=list)

    def take_records(self) -> None:
        for entry in self.folder.entries(self.folder.root / "conda-meta")[:MAX_ENTRIES]:
            if entry.name.endswith(".json") and not entry.name.startswith("."):
                self._take_record(Path(entry.path))

    def _take_record(self, file: Path) -> None:
        path = self.folder.place(file)
        data = b""
        try:
            data = self.folder.read(file)
            record = conda_meta.parse(data, f"{self.name}/{path}")
            files = conda_paths.parse(data)
        except ReadError as error:
            self.faults.append(Fault(path, error.message, file.stem, error.hint))
            unknown = Package("conda", file.stem, "", Location(f"{self.name}/{path}"))
            self.owners.append(Owner(unknown, path, conda_paths.salvage(data)))
            return
        package, number = record.package, len(self.owners)
        folders = [f for f in map(_info_folder, files) if f]
        projects = tuple(dict.fromkeys(map(_project, folders))) or pypi_projects(package)
        self.infos.update(dict.fromkeys(folders, number))
        self.projects.update(dict.fromkeys(projects, number))
        owner = Owner(package, path, files, projects, requested=record.requested)
        self.owners.append(owner)

    def take_projects(self, site: Path) -> None:
        place = self.folder.place(site)
        for entry in self.folder.entries(site)[:MAX_ENTRIES]:
            if not entry.name.endswith(_INFO) or not entry.is_dir():
                continue
            if self.folder.is_empty(Path(entry.path)):
                continue
            folder = f"{place}/{entry.name}"
            conda = self.infos.get(folder)
            if conda is None or self._is_taken_over(self.owners[conda], folder):
                self._take_project(Path(entry.path), place)
            else:
                self._compare_lists(self.owners[conda], folder, place)

    def _is_taken_over(self, owner: Owner, folder: str) -> bool:
        here = self.folder.root / folder
        installer = self.folder.text(here / "INSTALLER")
        if installer_of(installer) in ("", CONDA):
            return False
        return is_taken_over(owner.files, folder, installer, self.folder.text(here / "RECORD"))

    def _compare_lists(self, owner: Owner, folder: str, site: str) -> None:
        """Modules are packed as the wheel has them; compiled files are mended after that."""
        data = self.folder.text(self.folder.root / folder / "RECORD")
        digests = wheel_record.module_digests(data, site)
        for file in owner.files if digests else ():
            told = digests.get(file.path)
            packed = file.original.digest if file.original else file.digest
            if told and packed and len(told) == len(packed) and told != packed:
                self.disagreeing.append((owner.package.name, file.path))

    def _take_project(self, folder: Path, site: str) -> None:
        installer = installer_of(self.folder.text(folder / "INSTALLER"))
        if installer == CONDA:
            return  # what is left of a conda package whose record is gone
        path = self.folder.place(folder)
        is_egg = path.endswith(".egg-info")
        metadata = folder / ("PKG-INFO" if is_egg else "METADATA")
        name = _project(path)
        try:
            direct = self.folder.text(folder / "direct_url.json")
            told = f"{self.name}/{self.folder.place(metadata)}"
            package = dist_info.parse(self.folder.read(metadata), direct, told)
        except ReadError:
            package = Package("pypi", name, "", Location(f"{self.name}/{path}"))
        files, record, unlisted = self._files(folder, site, package)
        requested = package.name if os.path.lexists(folder / "REQUESTED") else ""
        self._replace(package.name, installer or "another installer")
        self.owners.append(
            Owner(package, record, files, (package.name,), installer, requested, "", unlisted)
        )

    def _files(
        self, folder: Path, site: str, package: Package
    ) -> tuple[tuple[OwnedFile, ...], str, tuple[str, ...]]:
        """The files of a project, the path of their list, and the folders that it is silent on."""
        path = self.folder.place(folder)
        is_egg = path.endswith(".egg-info")
        record = f"{path}/{'installed-files.txt' if is_egg else 'RECORD'}"
        error: ReadError | None = None
        files: tuple[OwnedFile, ...] = ()
        try:
            data = self.folder.read(self.folder.root / record)
            if is_egg:
                return wheel_record.installed_files(data, path), record, (path,)
            files, error = wheel_record.parse(data, site)
        except ReadError as unread:
            error = unread
        if error is None and files:
            return files, record, ()
        message = error.message if error else "This list of installed files is empty"
        self.faults.append(Fault(record, message, package.name, _AGAIN.format(package.name)))
        listed = {f"{site}/{each}" for each in _first_parts(files, site)}
        told = self.folder.text(folder / "top_level.txt").decode("utf-8", "replace").split()
        named = {f"{site}/{each}" for each in (*told, package.name.replace("-", "_"))}
        return files, record, tuple(sorted({path, *listed, *named}))

    def _replace(self, project: str, installer: str) -> None:
        number = self.projects.get(project)
        if number is not None:
            self.owners[number] = replace(self.owners[number], replaced_by=installer)


def _info_folder(file: OwnedFile) -> str:
    """The folder of a project's metadata, when this file is the one that names the project."""
    folder, _, name = file.path.rpartition("/")
    fits = (name == "METADATA" and folder.endswith(_INFO[0])) or (
        name == "PKG-INFO" and folder.endswith(_INFO[1])
    )
    return folder if fits else ""


def _project(folder: str) -> str:
    """The project in the name of its folder: ``typing_extensions-4.0.dist-info``."""
    return normalized(folder.rpartition("/")[2].removesuffix(_INFO[0]).partition("-")[0])


def _first_parts(files: Sequence[OwnedFile], site: str) -> Iterator[str]:
    lead = f"{site}/"
    for file in files:
        first, slash, _ = file.path.removeprefix(lead).partition("/")
        if slash and file.path.startswith(lead):
            yield first
