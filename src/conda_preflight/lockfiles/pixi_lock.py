"""``pixi.lock`` of version 6, which every pixi since 0.40 reads; source: rattler_lock.

Records and references stand in rattler's order, and what rattler derives from a URL is left
out, as it does. The format has no place for virtual packages, so comments name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conda_preflight.documents import Channel, Lock, Package
from conda_preflight.errors import WriteError
from conda_preflight.grammar import conda_url
from conda_preflight.grammar.pixi_package import derived_build_number, derived_noarch
from conda_preflight.lockfiles.platforms import stated, virtual_packages
from conda_preflight.lockfiles.requirement_text import pep508
from conda_preflight.lockfiles.yaml_text import Value, dump

NAME = "pixi.lock"
_TELLING = ("name", "version", "build", "subdir")


def write(locks: Sequence[Lock]) -> str:
    """The text of the file that holds these environments; raises WriteError."""
    named = {lock.environment or "default": lock for lock in locks}
    if len(named) < len(locks):
        raise WriteError("Two environments of this lock have the same name")
    found = {name: stated(lock) for name, lock in sorted(named.items())}
    shelf = _shelf(p for by in found.values() for packages in by.values() for p in packages)
    environments = {
        name: _environment(named[name], packages, shelf) for name, packages in found.items()
    }
    records = sorted((p for same in shelf.values() for p in same), key=_by_name)
    body: dict[str, Value] = {
        "version": 6,
        "environments": environments,
        "packages": [_conda(p) if p.manager == "conda" else _pypi(p) for p in records],
    }
    return "".join(f"{line}\n" for line in _comments(locks)) + dump(body)


def _comments(locks: Iterable[Lock]) -> list[str]:
    """What each platform was solved for."""
    pairs = {
        (subdir, text)
        for lock in locks
        for subdir in stated(lock)
        for text in virtual_packages(lock, subdir)
    }
    return [f"# virtual package on {subdir}: {text}" for subdir, text in sorted(pairs)]


def _shelf(packages: Iterable[Package]) -> dict[tuple[str, str], list[Package]]:
    """Every record once, by manager and place; only those built from source share a place."""
    shelf: dict[tuple[str, str], list[Package]] = {}
    for package in packages:
        if package.name.startswith("__"):
            continue
        same = shelf.setdefault((package.manager, package.url), [])
        if not any(_telling(package) == _telling(other) for other in same):
            same.append(package)
    return shelf


def _telling(package: Package) -> tuple[str, ...]:
    return package.name, package.version, package.build, package.subdir


def _by_name(package: Package) -> tuple[str, bool, str, tuple[str, ...]]:
    return package.name, package.manager == "conda", package.url, _telling(package)


def _environment(
    lock: Lock,
    found: Mapping[str, Sequence[Package]],
    shelf: Mapping[tuple[str, str], list[Package]],
) -> dict[str, Value]:
    channels = [{"url": _channel(channel, lock.packages)} for channel in lock.channels]
    about: dict[str, Value] = {"channels": channels}
    if lock.indexes:
        about["indexes"] = list(lock.indexes)
    about["packages"] = {subdir: _references(packages, shelf) for subdir, packages in found.items()}
    return about


def _channel(channel: Channel, packages: Iterable[Package]) -> str:
    """The channel's URL; a bare name has that of the packages from there."""
    if "://" in channel.text:
        return channel.text
    for package in packages:
        if package.channel == channel.name and "://" in package.url:
            return conda_url.split(conda_url.split(package.url)[0])[0] + "/"
    return channel.text


def _references(
    packages: Iterable[Package], shelf: Mapping[tuple[str, str], list[Package]]
) -> list[Value]:
    ordered = sorted((p for p in packages if not p.name.startswith("__")), key=_by_file)
    references: dict[tuple[str, ...], Value] = {}
    for package in ordered:
        same = shelf[package.manager, package.url]
        entry: dict[str, Value] = {package.manager: package.url}
        entry.update(_differing(package, same) if package.manager == "conda" else {})
        references[package.manager, package.url, *_telling(package)] = entry
    return list(references.values())


def _differing(package: Package, same: Sequence[Package]) -> dict[str, Value]:
    """What tells the record from those of the same place."""
    rows = [dict(zip(_TELLING, _telling(other), strict=True)) for other in same]
    own = dict(zip(_TELLING, _telling(package), strict=True))
    return {key: own[key] for key in _TELLING if len({row[key] for row in rows}) > 1}


def _by_file(package: Package) -> tuple[bool, bool, str, str, tuple[str, ...]]:
    """Conda first, then URLs before paths, by the name of the file."""
    remote = "://" in package.url
    file = conda_url.split(package.url)[1].lower() if remote else ""
    return package.manager != "conda", not remote, file, package.url, _telling(package)


def _conda(package: Package) -> dict[str, Value]:
    file = conda_url.parse(package.url)
    told = file or conda_url.Artifact("", "", "")
    remote = package.url.startswith(("https://", "http://", "file://"))
    subdir = told.subdir if remote else ""
    if not (package.version and (package.subdir or subdir)):
        raise _unsayable(package, "whose version or subdir is not known before it is built")
    build, number = package.build, package.build_number
    noarch = package.noarch if package.noarch in ("python", "generic") else ""
    plain = derived_noarch(subdir or package.subdir, told.build or build)
    pairs: dict[str, Value] = {
        "conda": package.url,
        "name": package.name if package.name != told.name else "",
        "version": package.version if package.version != told.version else "",
        "build": build if build != told.build else "",
        "build_number": "" if number in (None, derived_build_number(build)) else number or 0,
        "subdir": package.subdir if package.subdir not in ("", subdir) else "",
        "noarch": noarch if noarch != plain else "",
        "sha256": package.sha256,
        "md5": package.md5,
        "depends": list(package.depends),
        "constrains": list(package.constrains),
        "track_features": list(package.track_features),
        "license": package.licence,
        "license_family": package.licence_family,
        "purls": list(package.purls),
        "size": package.size or "",
        "timestamp": package.timestamp or "",
        "python_site_packages_path": package.site_packages,
    }
    return {key: value for key, value in pairs.items() if value not in ("", [])}


def _pypi(package: Package) -> dict[str, Value]:
    if not (package.url and package.version):
        raise _unsayable(package, "whose version or URL is not known")
    pairs: dict[str, Value] = {
        "pypi": package.url,
        "name": package.name,
        "version": package.version,
        "sha256": package.sha256,
        "md5": package.md5,
        "requires_dist": [pep508(text) for text in package.depends],
        "requires_python": package.requires_python,
        "editable": package.editable,
    }
    return {key: value for key, value in pairs.items() if value not in ("", [], False)}


def _unsayable(package: Package, why: str) -> WriteError:
    return WriteError(f"Version 6 of pixi.lock cannot hold {package.name}, {why}")
