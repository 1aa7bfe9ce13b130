"""The packages of one environment on one platform, whatever document they stand in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from conda_preflight.documents import (
    Location,
    Lock,
    Manifest,
    Package,
    Prefix,
    Requirement,
    Requirements,
    Spec,
)
from conda_preflight.grammar.asked import shown
from conda_preflight.grammar.demand import requirement_applies, requirements_on, specs_on
from conda_preflight.plain import document_type, value_type

NOWHERE = Location("")
_WITHOUT_DEPENDENCIES = ("explicit", "conda-list")


@value_type
class Place:
    """An environment (empty where a file holds one without a name) and a platform (or empty)."""

    environment: str = ""
    platform: str = ""

    @property
    def text(self) -> str:
        """``gpu linux-64``; empty where neither is known."""
        return " ".join(part for part in (self.environment, self.platform) if part)


@value_type
class Ask:
    """What somebody asked for: a package of a manager, the line as written, and where it stands.

    ``extras`` are those of a pip requirement; ``place`` is ``environment.yml:9``.
    """

    manager: str
    name: str
    text: str
    place: str
    extras: tuple[str, ...] = ()


@document_type
class Installation:
    """The packages of one place, and what was asked for there.

    ``subdir`` is the platform as conda calls it; ``virtual`` are the virtual packages that it
    was solved for, by name; ``unlinked`` are packages whose document does not tell what they need.
    """

    place: Place
    packages: tuple[Package, ...]
    subdir: str = ""
    asked: tuple[Ask, ...] = ()
    virtual: Mapping[str, str] = field(default_factory=dict)
    unlinked: frozenset[Package] = frozenset()

    @property
    def python(self) -> str:
        """The version of Python in it, empty where there is none."""
        return next((p.version for p in self.packages if p.name == "python"), "")


def of_lock(lock: Lock) -> Iterator[Installation]:
    """One for each platform of a lock, in its order, without what was asked for."""
    here: dict[str, list[Package]] = {platform: [] for platform in lock.platforms}
    for package in lock.packages:
        here.setdefault(package.platform, []).append(package)
    named = lock.environment if lock.kind == "pixi.lock" else ""
    for platform, packages in here.items():
        virtual = [v for v in lock.virtual_packages if v.platform == platform]
        yield Installation(
            place=Place(named, platform),
            packages=tuple(packages),
            subdir=lock.subdirs.get(platform, platform),
            virtual={v.name: v.version for v in virtual},
            unlinked=frozenset(packages if lock.kind in _WITHOUT_DEPENDENCIES else ()),
        )


def of_prefix(prefix: Prefix) -> Installation:
    """The one of a prefix, with the specs that conda's records and pip's marks hold."""
    subdir = next((p.subdir for p in prefix.packages if p.subdir not in ("", "noarch")), "")
    managers = {p.name: p.manager for p in reversed(prefix.packages)}
    asked = tuple(
        Ask(managers.get(name, "conda"), name, shown(spec), prefix.path)
        for name, spec in prefix.requested.items()
    )
    place = Place("", subdir)
    return Installation(place, prefix.packages, subdir, asked)


def asks(
    manifests: Sequence[Manifest | Requirements], installation: Installation
) -> tuple[Ask, ...]:
    """What manifests ask for on the platform of an installation, in file order."""
    platform, subdir = installation.place.platform, installation.subdir
    python = installation.python
    whole = [m for m in manifests if isinstance(m, Manifest)]
    files = [r for m in manifests if isinstance(m, Requirements) for r in m.pip if r.name]
    pip = [r for _, r in requirements_on(whole, subdir, python)]
    pip += [r for r in files if requirement_applies(r, subdir, python)]
    specs = (_ask("conda", s) for _, s in specs_on(whole, platform, subdir))
    return (*specs, *(_ask("pypi", r) for r in pip))


def declared(manifest: Manifest | Requirements, place: Place) -> Installation:
    """What a manifest asks for, taken for packages without version and dependencies."""
    specs = manifest.specs if isinstance(manifest, Manifest) else ()
    asked = (
        *(_ask("conda", s) for s in specs if s.name),
        *(_ask("pypi", r) for r in manifest.pip if r.name),
    )
    found = {(a.manager, a.name): Package(a.manager, a.name, "", NOWHERE) for a in asked}
    packages = tuple(found.values())
    return Installation(place, packages, asked=asked, unlinked=frozenset(packages))


def with_pip_half(installation: Installation, half: Requirements) -> Installation:
    """The packages with those of a requirements file with hashes, which a lock has beside it."""
    subdir, python = installation.subdir, installation.python
    pins = [r for r in half.pip if r.name and requirement_applies(r, subdir, python)]
    packages = tuple(_pinned(req, installation.place.platform) for req in pins)
    return replace(
        installation,
        packages=(*installation.packages, *packages),
        unlinked=installation.unlinked.union(packages),
    )


def pip_half(lock: Lock, documents: Sequence[object]) -> Requirements | None:
    """The requirements with hashes beside a lock that holds no pip packages itself."""
    if any(package.manager == "pypi" for package in lock.packages):
        return None
    folder = posixpath.dirname(lock.path)
    files = [d for d in documents if isinstance(d, Requirements) and d.hashed]
    beside = [half for half in files if posixpath.dirname(half.path) == folder]
    usual = [half for half in beside if posixpath.basename(half.path) == "requirements.txt"]
    return next(iter(usual or (beside if len(beside) == 1 else ())), None)


def _pinned(req: Requirement, platform: str) -> Package:
    """The package of a line; of several hashes nobody knows which file will be taken."""
    version = req.specifier.lstrip("=") if req.specifier.startswith("==") else ""
    digest = req.hashes[0].partition("sha256:")[2] if len(req.hashes) == 1 else ""
    return Package(
        manager="pypi",
        name=req.name,
        version=version,
        location=req.location,
        platform=platform,
        url=req.url,
        sha256=digest,
        hashes=req.hashes,
    )


def _ask(manager: str, line: Spec | Requirement) -> Ask:
    text = shown(line.text.partition(" --hash")[0].rstrip(" \\"))
    extras = line.extras if isinstance(line, Requirement) else ()
    return Ask(manager, line.name, text, f"{line.location.path}:{line.location.line}", extras)
