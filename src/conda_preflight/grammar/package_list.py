"""The ``package:`` list that conda-lock.yml has, and pixi.lock had in versions 1 to 3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from conda_preflight.documents import Lock, Package, VirtualPackage
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import conda_url, virtual_package
from conda_preflight.grammar.conda_url import build_number
from conda_preflight.grammar.lock_record import Record, fault
from conda_preflight.grammar.yaml_tree import Map, Scalar, locate

MANAGERS = {"conda": "conda", "pip": "pypi", "pypi": "pypi"}
METADATA = frozenset(
    (
        "content_hash",
        "channels",
        "platforms",
        "sources",
        "time_metadata",
        "git_metadata",
        "inputs_metadata",
        "custom_metadata",
    )
)
"""The keys of ``metadata``; source: CEP 37."""


def records(top: Record) -> list[Record]:
    """The entries of ``package:``; raises ReadError where there is no such list."""
    if "package" not in top.fields:
        raise fault(top.node, f"{top.what} has no `package` list")
    return [Record(node, top.path, "this package") for node in top.items("package")]


def metadata(top: Record) -> Record:
    """The ``metadata`` of a lock; raises ReadError where there is none."""
    found = top.record("metadata")
    if found is None:
        raise fault(top.node, f"{top.what} has no `metadata`, which says what it was made from")
    return found


def lock(top: Record, entries: list[Record], kind: str, version: str, environment: str) -> Lock:
    """The one environment that such a file holds."""
    about = metadata(top)
    packages = tuple([package(entry) for entry in entries])
    stated = about.words("platforms")
    hashes = about.record("content_hash")
    return Lock(
        path=top.path,
        kind=kind,
        version=version,
        location=locate(top.node, top.path),
        platforms=stated or tuple(dict.fromkeys(p.platform for p in packages)),
        packages=packages,
        channels=about.channels(),
        virtual_packages=tuple(_virtual_packages(about)),
        content_hash={key: hashes.text(key) for key in hashes.fields} if hashes else {},
        sources=about.names("sources"),
        environment=environment,
        entries=count(p.manager for p in packages),
    )


def _virtual_packages(about: Record) -> Iterator[VirtualPackage]:
    """What the free metadata says that a platform was solved for."""
    free = about.fields.get("custom_metadata")
    for key, node in free.items() if isinstance(free, Map) else ():
        if key.text.startswith(virtual_package.METADATA_KEY) and isinstance(node, Scalar):
            platform = key.text.removeprefix(virtual_package.METADATA_KEY)
            for text in node.text.split():
                yield virtual_package.parse(text, platform, locate(node, about.path))


def package(entry: Record) -> Package:
    """One entry; raises ReadError where it lacks name, version, manager, platform or url."""
    name = entry.required("name")
    entry.what = f"the package {name.text[:80]}"
    said = entry.required("manager")
    manager = MANAGERS.get(said.text)
    if manager is None:
        raise fault(said, f"The manager of {entry.what} is neither conda nor pip")
    place = entry.required("url")
    url = place.text
    file = conda_url.parse(url) if manager == "conda" else None
    if manager == "conda" and file is None:
        raise fault(place, f"The url of {entry.what} does not end in name-version-build.conda")
    # Where a repository is cloned, conda-lock writes the commit in the place of the digest.
    cloned = "+" in url.partition("://")[0]
    digests = None if cloned else entry.record("hash")
    build = entry.text("build") or (file.build if file else "")
    number = entry.number("build_number")
    return Package(
        manager=manager,
        name=name.text.lower() if manager == "conda" else normalized(name.text),
        version=entry.required("version").text,
        location=locate(name, entry.path),
        build=build,
        build_number=build_number(build) if number is None else number,
        platform=entry.required("platform").text,
        subdir=(file.subdir if file else "") or entry.text("subdir"),
        channel=file.channel if file else "",
        url=url,
        sha256=digests.digest("sha256") if digests else "",
        md5=digests.digest("md5") if digests else "",
        size=entry.number("size") or 0,
        depends=entry.specs("dependencies") or entry.words("requires_dist"),
        constrains=entry.specs("constrains"),
        licence=entry.text("license"),
        purls=entry.words("purls"),
        category=entry.text("category") or "main",
        noarch=entry.text("noarch"),
        timestamp=entry.moment("timestamp"),
        licence_family=entry.text("license_family"),
        track_features=entry.one_or_many("track_features"),
        site_packages=entry.text("python_site_packages_path"),
        requires_python=entry.text("requires_python"),
        direct=entry.record("source") is not None,
    )


def count(managers: Iterable[str]) -> Mapping[str, int]:
    """How many records each manager has, conda first."""
    found = Counter(managers)
    return {"conda": found["conda"], "pypi": found["pypi"]}
