"""What will be installed, and what is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.channel import Channel
from conda_preflight.documents.place import Location, Name
from conda_preflight.plain import document_type, value_type


@document_type
class Package:
    """One exact package of a lock or a prefix.

    ``manager`` is "conda" or "pypi"; ``name`` is as the manager normalizes it;
    ``platform`` is the lock's platform it stands under, ``subdir`` its own (may be
    noarch); ``size`` is in bytes, 0 unknown; digests are lower-case hex, empty when
    absent. ``hashes`` are of all files that stand for it at PyPI (``sha256:...``), if known.
    ``url`` may be a local path. ``category`` is conda-lock's ("main", "dev").
    ``noarch`` is "python", "generic" or empty where the record does not say;
    ``timestamp`` is when it was built, in milliseconds since 1970, 0 unknown;
    ``requires_python`` is a PyPI file's; ``site_packages`` is where a python keeps them
    when that is not the usual place; ``direct`` is true where somebody asked for the URL.
    """

    manager: str
    name: str
    version: str
    location: Location
    build: str = ""
    build_number: int | None = None
    platform: str = ""
    subdir: str = ""
    channel: str = ""
    url: str = ""
    sha256: str = ""
    md5: str = ""
    size: int = 0
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    licence: str = ""
    purls: tuple[str, ...] = ()
    category: str = "main"
    editable: bool = False
    hashes: tuple[str, ...] = ()
    noarch: str = ""
    timestamp: int = 0
    licence_family: str = ""
    track_features: tuple[str, ...] = ()
    site_packages: str = ""
    requires_python: str = ""
    direct: bool = False


@value_type
class VirtualPackage:
    """A virtual package (``__cuda 11.4``) that a lock was solved for, on a platform."""

    name: str
    version: str
    build: str
    platform: str
    location: Location


@document_type
class Lock:
    """What will be installed: one environment, for one or several platforms.

    ``kind`` is "conda-lock", "pixi.lock", "explicit" or "conda-list"; ``version`` the
    format's; ``environment`` the name of a pixi environment; ``name`` the environment
    name if the lock states one; ``content_hash`` is by platform; ``sources`` the
    manifests it says it was made from; ``entries`` counts the records that the whole
    file holds, by manager; ``subdirs`` maps a platform with a name of its own (pixi.lock
    version 7) to its conda subdir, other platforms are their subdir; ``indexes`` are the
    URLs of the package indexes that the pip half came from, the first one first.
    """

    path: str
    kind: str
    version: str
    location: Location
    platforms: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    channels: tuple[Channel, ...] = ()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    content_hash: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Name, ...] = ()
    environment: str = ""
    name: str = ""
    entries: Mapping[str, int] = field(default_factory=dict)
    subdirs: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[str, ...] = ()

    def named(self, *names: str) -> tuple[Package, ...]:
        """The conda packages with one of these names, in file order."""
        return tuple(p for p in self.packages if p.manager == "conda" and p.name in names)


@document_type
class Replaced:
    """A conda package over which another installer has put the same project."""

    conda: Package
    project: Package
    installer: str


@document_type
class Prefix:
    """What is installed: packages by conda-meta and by dist-info, and markers.

    ``requested`` are specs that a person asked for, by package name; ``frozen`` is true
    with a ``conda-meta/frozen`` file (CEP 22) and ``externally_managed`` with PEP 668's;
    ``root`` is its directory, empty where there is none here; ``replaced`` are conda packages
    that are not there any more although their records are, and ``projects`` the versions of the
    Python projects that conda packages bring, by name, with the package's name.
    """

    path: str
    location: Location
    packages: tuple[Package, ...] = ()
    requested: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False
    externally_managed: bool = False
    root: str = ""
    replaced: tuple[Replaced, ...] = ()
    projects: Mapping[str, tuple[str, str]] = field(default_factory=dict)
