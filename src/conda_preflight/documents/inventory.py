"""What a prefix holds by its own records: packages of both managers and the files of each."""

from __future__ import annotations

from typing import NamedTuple

from conda_preflight.documents.lock import Package
from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type

FILE, LINK, FOLDER, BYTECODE, SCRIPT = "file", "link", "folder", "bytecode", "script"
ANY = "file or link"
"""Kinds of an owned file; a script is an entry point that the installer wrote.

ANY is one of which the record tells the path alone.
"""


class Original(NamedTuple):
    """A file as it was packed, before the path of the prefix was written into it.

    ``digest`` is its sha256, ``placeholder`` what stood for the prefix, ``binary`` whether it
    was padded with zeros.
    """

    digest: str
    placeholder: str
    binary: bool


class OwnedFile(NamedTuple):
    """One file as a record lists it.

    ``path`` is relative to the prefix, with forward slashes; ``digest`` is the one that the
    file on disk must have, in hex (64 digits: sha256, 96: sha384, 128: sha512), empty where the
    record does not tell; of a link it is that of the packed file that it led to. ``size`` is
    that on disk in bytes, -1 unknown.
    """

    path: str
    kind: str = FILE
    digest: str = ""
    size: int = -1
    original: Original | None = None


@document_type
class Owner:
    """One installed package with its files.

    ``record`` is the path, in the prefix, of the conda-meta record or of the wheel's RECORD;
    ``projects`` are the real names at PyPI of what it brings, normalized; ``installer`` is
    what a project's INSTALLER says; ``requested`` the spec a person gave. ``replaced_by`` is,
    of a conda package whose project another installer has put in its place, that installer.
    ``unlisted`` are folders of which it owns more than its broken record lists.
    """

    package: Package
    record: str
    files: tuple[OwnedFile, ...] = ()
    projects: tuple[str, ...] = ()
    installer: str = ""
    requested: str = ""
    replaced_by: str = ""
    unlisted: tuple[str, ...] = ()


@document_type
class Fault:
    """A record that cannot be believed or read; ``message`` is a sentence, ``about`` its owner."""

    path: str
    message: str
    about: str = ""
    fix: str = ""


@document_type
class Inventory:
    """All owners of a prefix, conda's by file name of their record, then pip's.

    ``path`` is what reports call the prefix and ``root`` its directory; ``python`` is the
    version of the python package in it (``3.11.7``), empty without one; ``site_packages``
    are the folders of Python's packages, relative to the prefix; ``disagreeing`` are modules
    of conda packages, with the package's name, of which the wheel's own RECORD tells another
    digest than conda's record.
    """

    path: str
    location: Location
    root: str
    owners: tuple[Owner, ...] = ()
    python: str = ""
    site_packages: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    disagreeing: tuple[tuple[str, str], ...] = ()

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages of both managers."""
        return tuple(owner.package for owner in self.owners)

    def by_path(self) -> dict[str, Owner]:
        """The first owner of each path."""
        found: dict[str, Owner] = {}
        for owner in self.owners:
            for file in owner.files:
                found.setdefault(file.path, owner)
        return found
