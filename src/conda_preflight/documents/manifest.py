"""What somebody asked for."""

from __future__ import annotations

from conda_preflight.documents.channel import Channel
from conda_preflight.documents.lock import VirtualPackage
from conda_preflight.documents.place import Location, Name
from conda_preflight.plain import document_type


@document_type
class Spec:
    """One conda requirement (a MatchSpec) as it is written.

    ``name`` is in lower case and empty where the text has none; ``version`` is the
    constraint as written (``=2.0``, ``>=1,<2``, ``2.*``), None where any will do;
    ``selector`` is a platform comment such as ``linux``; ``error`` is a sentence when
    conda would reject or misread the text, and ``meant`` then what was meant.
    """

    text: str
    location: Location
    name: str
    version: str | None = None
    build: str | None = None
    channel: str | None = None
    url: str | None = None
    selector: str | None = None
    platforms: tuple[str, ...] = ()
    optional: bool = False
    error: str | None = None
    meant: str | None = None


@document_type
class Requirement:
    """One line of a pip section or a requirements file.

    ``kind`` is "name", "url", "vcs", "path", "option", "include" (``-r``),
    "constraint" (``-c``) or "invalid"; ``name`` is normalized as PEP 503 says, empty
    where the line has none; ``specifier`` is the PEP 440 text (``==2.0.1``);
    ``option`` and ``value`` hold a pip option (``--extra-index-url``) and its argument,
    for an editable line ``-e`` with the target in ``url``;
    ``hashes`` are ``sha256:...`` words; ``error`` is a sentence when pip would
    reject the line, and ``meant`` then what was meant.
    """

    text: str
    location: Location
    kind: str
    name: str = ""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    url: str = ""
    editable: bool = False
    option: str = ""
    value: str = ""
    hashes: tuple[str, ...] = ()
    selector: str | None = None
    error: str | None = None
    meant: str | None = None


@document_type
class Manifest:
    """What somebody asked for: one environment of one file.

    ``kind`` is "environment.yml", "pixi.toml" or "pyproject.toml"; ``environment`` is
    the name inside a file that holds several, else empty. ``channels_location`` is
    None where the file has no such key, and ``pip_locations`` are the ``pip:`` keys.
    ``partial`` is true for a fragment that is merged into other manifests;
    ``virtual_packages`` are what the machine must at least have (``__cuda 12``), with an
    empty platform where that holds for all.
    """

    path: str
    kind: str
    location: Location
    name: Name | None = None
    channels: tuple[Channel, ...] = ()
    channels_location: Location | None = None
    specs: tuple[Spec, ...] = ()
    pip: tuple[Requirement, ...] = ()
    pip_locations: tuple[Location, ...] = ()
    platforms: tuple[Name, ...] = ()
    prefix: Name | None = None
    variables: tuple[Name, ...] = ()
    environment: str = ""
    partial: bool = False
    virtual_packages: tuple[VirtualPackage, ...] = ()

    def named(self, *names: str) -> tuple[Spec, ...]:
        """The conda specs that ask for one of these packages, in file order."""
        return tuple(spec for spec in self.specs if spec.name in names)

    def pip_named(self, *names: str) -> tuple[Requirement, ...]:
        """The pip requirements that ask for one of these projects, in file order."""
        return tuple(req for req in self.pip if req.name in names)


@document_type
class Requirements:
    """A ``requirements*.txt``: the pip half of a lock when every line has a hash."""

    path: str
    location: Location
    pip: tuple[Requirement, ...] = ()

    @property
    def hashed(self) -> bool:
        """True when each named requirement is pinned with a hash."""
        named = [req for req in self.pip if req.kind in ("name", "url", "vcs", "path", "invalid")]
        return bool(named) and all(req.hashes for req in named)
