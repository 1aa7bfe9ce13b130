"""One record under ``packages:`` of a pixi.lock of version 4 or later."""

from __future__ import annotations

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import conda_url
from conda_preflight.grammar.lock_record import Record, fault
from conda_preflight.grammar.yaml_tree import Scalar, locate
from conda_preflight.pattern import lazy_pattern

KINDS = ("conda", "conda_source", "pypi")
_LAST_DIGITS = lazy_pattern(r"[0-9]+\Z")
_BUILT_HERE = lazy_pattern(r"([^\s\[\]]+)(?:\[[^\s\[\]]*\])?\s+@\s+(\S.*)")


def identity(record: Record) -> tuple[str, Scalar]:
    """What an environment calls the record by: its kind, and its URL, path or source name."""
    for kind in KINDS:
        if kind in record.fields:
            return kind, record.required(kind)
    if "kind" not in record.fields:
        raise fault(
            record.node, "This package has neither `conda`, `conda_source`, `pypi` nor `kind`"
        )
    said = record.required("kind")
    if said.text not in ("conda", "pypi"):
        raise fault(said, "The kind of this package is neither conda nor pypi")
    return said.text, record.required("path" if "path" in record.fields else "url")


def package(record: Record) -> Package:
    """The record as a package of no platform yet; raises ReadError where name or version lack."""
    kind, place = identity(record)
    if kind == "pypi":
        return _pypi(record, place)
    if kind == "conda_source":
        return _built_here(record, place)
    return _conda(record, place)


def derived_build_number(build: str) -> int:
    """The digits that a build string ends with, else 0; source: rattler_lock's derived_fields."""
    match = _LAST_DIGITS.search(build[-19:])
    return int(match[0]) if match else 0


def derived_noarch(subdir: str, build: str) -> str:
    """What a package without a ``noarch`` of its own is; source: rattler_lock's derived_fields."""
    if subdir != "noarch":
        return ""
    return "python" if "py" in build else "generic"


def _conda(record: Record, place: Scalar) -> Package:
    """A package file of a channel, or a path or repository that it is built from."""
    file = conda_url.parse(place.text)
    name = record.scalar("name")
    called = name.text if name else file.name if file else record.required("name").text
    record.what = f"the package {called[:80]}"
    said = record.text("version")
    version = said or (file.version if file else record.required("version").text)
    build = record.text("build") or (file.build if file else "")
    return _package(
        record,
        name or place,
        manager="conda",
        name=called.lower(),
        version=version,
        url=place.text,
        build=build,
    )


def _built_here(record: Record, place: Scalar) -> Package:
    """``name[hash] @ path``: a source package, whose version may not be known before its build."""
    match = _BUILT_HERE.fullmatch(place.text)
    if match is None:
        raise fault(place, "A source package is written `name[hash] @ path`")
    record.what = f"the package {match[1][:80]}"
    return _package(
        record,
        place,
        manager="conda",
        name=match[1].lower(),
        version=record.text("version"),
        url=match[2],
        build=record.text("build"),
    )


def _pypi(record: Record, place: Scalar) -> Package:
    """A distribution; a path or a repository may leave the version open."""
    name = record.required("name")
    record.what = f"the package {name.text[:80]}"
    remote = "://" in place.text and not place.text.startswith("git+")
    version = record.required("version").text if remote else record.text("version")
    return _package(
        record, name, manager="pypi", name=normalized(name.text), version=version, url=place.text
    )


def _package(
    record: Record,
    place: Scalar,
    *,
    manager: str,
    name: str,
    version: str,
    url: str,
    build: str = "",
) -> Package:
    file = conda_url.parse(url) if manager == "conda" else None
    number = record.number("build_number")
    if number is None:  # versions 4 and 5 leave out a zero, later ones what the build string says
        number = 0 if "kind" in record.fields else derived_build_number(build)
    return Package(
        manager=manager,
        name=name,
        version=version,
        location=locate(place, record.path),
        build=build,
        build_number=number if manager == "conda" else None,
        subdir=record.text("subdir") or (file.subdir if file else ""),
        channel=file.channel if file else "",
        url=url,
        sha256=record.digest("sha256"),
        md5=record.digest("md5"),
        size=record.number("size") or 0,
        depends=record.specs("depends") or record.words("requires_dist"),
        constrains=record.specs("constrains"),
        licence=record.text("license"),
        purls=record.words("purls"),
        editable=record.text("editable") == "true",
        noarch=record.text("noarch"),
        timestamp=record.moment("timestamp"),
        licence_family=record.text("license_family"),
        track_features=record.one_or_many("track_features"),
        site_packages=record.text("python_site_packages_path"),
        requires_python=record.text("requires_python"),
    )
