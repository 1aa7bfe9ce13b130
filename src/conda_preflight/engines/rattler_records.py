"""Records of py-rattler as packages, and packages as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from conda_preflight.documents import Location, Package

if TYPE_CHECKING:
    from rattler import RepoDataRecord

NOWHERE = Location("")


def package(record: RepoDataRecord, platform: str) -> Package:
    """A solved record as a package of the lock for that platform."""
    sha256, md5 = record.sha256, record.md5
    return Package(
        manager="conda",
        name=record.name.normalized,
        version=str(record.version),
        location=NOWHERE,
        build=str(record.build),
        build_number=record.build_number,
        platform=platform,
        subdir=record.subdir,
        channel=(record.channel or "").rstrip("/"),
        url=record.url,
        sha256=sha256.hex() if sha256 else "",
        md5=md5.hex() if md5 else "",
        size=record.size or 0,
        depends=tuple(record.depends),
        constrains=tuple(record.constrains),
        licence=record.license or "",
        noarch="python" if record.noarch.python else "generic" if record.noarch.generic else "",
        timestamp=_milliseconds(record),
        licence_family=record.license_family or "",
        track_features=tuple(record.track_features),
        site_packages=record.python_site_packages_path or "",
    )


def _milliseconds(record: RepoDataRecord) -> int:
    return int(record.timestamp.timestamp() * 1000) if record.timestamp else 0


def record(package: Package) -> RepoDataRecord:
    """A locked package as a record that can be solved with or installed."""
    from rattler import BuildString, PackageRecord, RepoDataRecord

    made = PackageRecord(
        package.name,
        package.version,
        BuildString(package.build),
        package.build_number or 0,
        package.subdir or package.platform,
        depends=list(package.depends),
        constrains=list(package.constrains),
        sha256=bytes.fromhex(package.sha256) if package.sha256 else None,
        md5=bytes.fromhex(package.md5) if package.md5 else None,
        size=package.size or None,
        license=package.licence or None,
        license_family=package.licence_family or None,
        python_site_packages_path=package.site_packages or None,
        noarch=_noarch(package),
    )
    made.track_features = list(package.track_features)
    return RepoDataRecord(made, package.url.rpartition("/")[2], package.url, package.channel)


def _noarch(package: Package) -> Literal["python", "generic"] | None:
    """A lock of conda-lock does not say which kind: one that needs python is a Python one."""
    if package.subdir != "noarch":
        return None
    if package.noarch:
        return "python" if package.noarch == "python" else "generic"
    needs = {text.split(" ", 1)[0] for text in package.depends}
    return "python" if "python" in needs else "generic"
