"""What is audited: plain values that readers make and checks judge.

Every type here is frozen and does no input or output. Documents compare by
identity, small values (Location, Channel ...) by content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias, TypeVar

from conda_preflight.plain import document_type, value_type

D = TypeVar("D")

PLATFORMS = (
    "linux-64",
    "linux-aarch64",
    "linux-ppc64le",
    "linux-s390x",
    "linux-32",
    "linux-armv6l",
    "linux-armv7l",
    "linux-riscv64",
    "osx-64",
    "osx-arm64",
    "win-32",
    "win-64",
    "win-arm64",
    "emscripten-wasm32",
    "wasi-wasm32",
    "freebsd-64",
    "zos-z",
)
"""The subdirs that conda knows, without ``noarch``; source: conda.base.constants."""


@value_type
class Location:
    """Where a fact stands: lines and columns count from 1, 0 is unknown.

    ``path`` is relative to the audited directory, with forward slashes;
    ``length`` is the number of characters that the fact covers on its line.
    """

    path: str
    line: int = 0
    column: int = 0
    length: int = 0


@document_type
class Source:
    """One file as it was read, before any format is known.

    ``encoding`` is "utf-8", "utf-8-sig", "utf-16" or "latin-1"; ``newline`` is
    the first line ending found; ``lines`` have no endings.
    """

    path: str
    text: str
    sha256: str
    size: int
    encoding: str
    newline: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """The text of a line that counts from 1, empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@document_type
class Unreadable:
    """A file, or a part of one, that no reader understands, with the reason."""

    path: str
    message: str
    hint: str
    location: Location


@value_type
class DuplicateKey:
    """A mapping key that stands twice, so that one of its values is lost."""

    key: str
    location: Location
    first: Location


@document_type
class Layout:
    """What the syntax of one structured file gave away besides its facts.

    ``documents`` is the number of YAML documents in the file; ``second`` is where
    the second one begins; ``unknown`` are keys that the format does not have, ``known``
    those that it does, where a person writes them, and ``present`` the keys at its top.
    """

    path: str
    kind: str
    duplicates: tuple[DuplicateKey, ...] = ()
    documents: int = 1
    second: Location | None = None
    unknown: tuple[Name, ...] = ()
    known: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()


@value_type
class Name:
    """A word of a document, with its place."""

    text: str
    location: Location


@value_type
class Channel:
    """A channel as it is written: a bare name, ``name/label/x`` or a URL.

    ``name`` is what people call it: ``conda-forge`` for ``https://host/conda-forge``.
    """

    text: str
    name: str
    location: Location


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


@document_type
class Package:
    """One exact package of a lock or a prefix.

    ``manager`` is "conda" or "pypi"; ``name`` is as the manager normalizes it;
    ``platform`` is the lock's platform it stands under, ``subdir`` its own (may be
    noarch); ``size`` is in bytes, 0 unknown; digests are lower-case hex, empty when
    absent. ``url`` may be a local path. ``category`` is conda-lock's ("main", "dev").
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
    version 7) to its conda subdir, other platforms are their subdir.
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

    def named(self, *names: str) -> tuple[Package, ...]:
        """The conda packages with one of these names, in file order."""
        return tuple(p for p in self.packages if p.manager == "conda" and p.name in names)


@document_type
class Prefix:
    """What is installed: packages by conda-meta and by dist-info, and markers.

    ``requested`` are specs that a person asked for, by package name; ``frozen`` is true
    with a ``conda-meta/frozen`` file (CEP 22) and ``externally_managed`` with PEP 668's.
    """

    path: str
    location: Location
    packages: tuple[Package, ...] = ()
    requested: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False
    externally_managed: bool = False


@value_type
class Command:
    """One shell command found in a file: its words without quotes, and its place."""

    words: tuple[str, ...]
    location: Location


@document_type
class Instruction:
    """One Dockerfile instruction: the keyword in capitals, the value with continuations joined.

    ``value`` keeps flags (``--mount=...``) and here-documents; ``stage`` counts FROM from 0,
    and is -1 before the first; ``words`` are the items of an exec form or the arguments
    without quotes, and empty where a shell reads them.
    """

    keyword: str
    value: str
    location: Location
    stage: int
    words: tuple[str, ...] = ()


@document_type
class Dockerfile:
    """A Dockerfile: its instructions, and the shell commands of RUN, CMD and ENTRYPOINT."""

    path: str
    location: Location
    instructions: tuple[Instruction, ...] = ()
    commands: tuple[Command, ...] = ()


@document_type
class Script:
    """A file that tells people or machines what to run; ``kind`` is "readme", "ci" or "script"."""

    path: str
    kind: str
    location: Location
    commands: tuple[Command, ...] = ()


@value_type
class Setting:
    """One key of a ``.condarc``; ``value`` is text, a tuple of texts, or pairs of texts.

    ``key`` is the name that conda shows for it, ``written`` the one in the file.
    """

    key: str
    value: str | tuple[str, ...] | tuple[tuple[str, str], ...]
    location: Location
    places: tuple[Location, ...] = ()
    written: str = ""


@document_type
class Condarc:
    """Conda's settings in one file, in file order."""

    path: str
    location: Location
    settings: tuple[Setting, ...] = ()

    def get(self, key: str) -> Setting | None:
        """The last setting of that key (aliases are already resolved), or None."""
        return next((s for s in reversed(self.settings) if s.key == key), None)


@value_type
class GPU:
    """One accelerator; ``capability`` is "8.0" or empty, ``memory_mib`` 0 when unknown."""

    name: str
    capability: str = ""
    memory_mib: int = 0


@document_type
class Host:
    """Where it will run: a fact sheet; an empty text or None is unknown.

    ``gpus`` is None when unknown and empty when there are none.
    """

    path: str
    location: Location
    name: str = ""
    os: str = ""
    arch: str = ""
    glibc: str = ""
    kernel: str = ""
    driver: str = ""
    cuda: str = ""
    gpus: tuple[GPU, ...] | None = None
    archspec: str = ""
    shm_mib: int | None = None
    memlock_kib: int | None = None


@document_type
class Waiver:
    """One exception that somebody made, and what became of it in this audit.

    ``form`` is "settings" or "inline"; ``expires`` is an ISO date or empty;
    ``state`` is "used", "unused", "expired" or "invalid" with ``reason`` saying why.
    """

    rule: str
    form: str
    location: Location
    reason: str = ""
    expires: str = ""
    state: str = "used"
    fault: str = ""

    @property
    def path(self) -> str:
        """The file that it is written in."""
        return self.location.path


@document_type
class Project:
    """All documents of one audited directory, and which of them belong together.

    ``path`` is "." for a whole directory, whose name is ``name``, else the file's name;
    ``tracked`` are the paths under version control, None when that is not known;
    ``platforms`` and ``target`` are what the settings say the project must run on.
    """

    path: str
    location: Location
    documents: tuple[Document, ...] = ()
    pairs: tuple[tuple[Manifest, Lock], ...] = ()
    tracked: frozenset[str] | None = None
    platforms: tuple[str, ...] = ()
    name: str = ""

    def of(self, kind: type[D]) -> tuple[D, ...]:
        """The documents of this type, in path order."""
        return tuple(doc for doc in self.documents if isinstance(doc, kind))

    def locks_of(self, manifest: Manifest) -> tuple[Lock, ...]:
        """The locks that belong to this manifest."""
        return tuple(lock for owner, lock in self.pairs if owner is manifest)

    def manifest_of(self, lock: Lock) -> Manifest | None:
        """The manifest that this lock belongs to."""
        return next((owner for owner, other in self.pairs if other is lock), None)


Document: TypeAlias = (
    Source
    | Unreadable
    | Layout
    | Manifest
    | Requirements
    | Lock
    | Prefix
    | Dockerfile
    | Script
    | Condarc
    | Host
    | Waiver
    | Project
)
