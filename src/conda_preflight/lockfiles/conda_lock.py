"""``conda-lock.yml`` of version 1, as CEP 37 describes it and conda-lock sorts it.

Package records keep to the keys of the CEP, since conda-lock refuses others; the virtual
packages that were solved for are in ``custom_metadata``, beside ``created_by``, without
which conda's plugin conda-lockfiles refuses that field. No time is written.
"""

from __future__ import annotations

import hashlib

from conda_preflight.documents import Lock, Package
from conda_preflight.errors import WriteError
from conda_preflight.grammar import conda_url, virtual_package
from conda_preflight.lockfiles.platforms import stated, virtual_packages
from conda_preflight.lockfiles.requirement_text import conda_map, pypi_map
from conda_preflight.lockfiles.yaml_text import Value, dump
from conda_preflight.pattern import lazy_pattern

NAME = "conda-lock.yml"
HEAD = """\
# This lock was written by conda-preflight. It is not meant to be edited: change the
# manifest and lock again.
#
# Any of these installs it:
#     conda-preflight rebuild --lock conda-lock.yml
#     conda-lock install --name YOURENV conda-lock.yml
#     micromamba create --name YOURENV --file conda-lock.yml
"""
_VARIABLE = lazy_pattern(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_COMMIT = lazy_pattern(r".*@([0-9a-f]{40})(?:#.*)?")
_MANAGERS = {"conda": "conda", "pypi": "pip"}


def write(lock: Lock) -> str:
    """The text of the file; raises WriteError for what the format cannot say."""
    found = stated(lock)
    pythons = {subdir: _python(packages) for subdir, packages in found.items()}
    rows = [
        (package.manager != "conda", package.name, subdir, package.category, package)
        for subdir, packages in found.items()
        for package in packages
        if not package.name.startswith("__")
    ]
    rows.sort(key=lambda row: row[:4])
    entries = [_entry(package, subdir, pythons[subdir]) for _, _, subdir, _, package in rows]
    return HEAD + dump({"version": 1, "metadata": _metadata(lock, found), "package": entries})


def _metadata(lock: Lock, found: dict[str, tuple[Package, ...]]) -> dict[str, Value]:
    hashes = {lock.subdirs.get(p, p): digest for p, digest in lock.content_hash.items()}
    channels = [{"url": c.text, "used_env_vars": _variables(c.text)} for c in lock.channels]
    about: dict[str, Value] = {
        "content_hash": {p: hashes.get(p) or _digest(found[p]) for p in found},
        "channels": channels,
        "platforms": list(found),
        "sources": [source.text for source in lock.sources] or [lock.path],
    }
    virtual = {p: " ".join(virtual_packages(lock, p)) for p in found}
    if any(virtual.values()):
        key = virtual_package.METADATA_KEY
        made = {f"{key}{p}": text for p, text in virtual.items() if text}
        about["custom_metadata"] = {"created_by": "conda-preflight", **made}
    return about


def _variables(url: str) -> list[str]:
    return list(dict.fromkeys(_VARIABLE.findall(url)))


def _digest(packages: tuple[Package, ...]) -> str:
    """A digest of what is locked, for a lock that has none of what it was made from."""
    lines = sorted(f"{p.manager} {p.name} {p.version} {p.url} {p.sha256}" for p in packages)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def _python(packages: tuple[Package, ...]) -> str:
    return next((p.version for p in packages if p.manager == "conda" and p.name == "python"), "")


def _entry(package: Package, subdir: str, python: str) -> dict[str, Value]:
    _refuse_unsayable(package)
    is_conda = package.manager == "conda"
    depends = package.depends
    entry: dict[str, Value] = {
        "name": package.name,
        "version": package.version,
        "manager": _MANAGERS[package.manager],
        "platform": subdir,
        "dependencies": conda_map(depends) if is_conda else pypi_map(depends, subdir, python),
        "url": package.url,
        "hash": _hash(package),
    }
    if package.direct:
        digest = f"#sha256={package.sha256}" if package.sha256 else ""
        entry["source"] = {"type": "url", "url": package.url.partition("#")[0] + digest}
    file = conda_url.parse(package.url) if is_conda else None
    if file and file.build != package.build:
        entry["build"] = package.build
    return entry | {"category": package.category, "optional": package.category != "main"}


def _hash(package: Package) -> dict[str, Value]:
    """The digests; where a repository is cloned, its commit, as conda-lock has it."""
    pairs = {"md5": package.md5, "sha256": package.sha256}
    if package.manager == "pypi" and not package.sha256 and (match := _COMMIT.match(package.url)):
        pairs["sha256"] = match[1]
    return {kind: digest for kind, digest in pairs.items() if digest}


def _refuse_unsayable(package: Package) -> None:
    """Raise WriteError for a package that no reader of the format would take."""
    lacking = ""
    if not (package.name and package.version):
        lacking = "a version"
    elif "://" not in package.url:
        lacking = "a URL: it has only a path"
    elif package.manager == "conda" and conda_url.parse(package.url) is None:
        lacking = "a package file: it is built from source"
    elif not _hash(package):
        lacking = "a digest"
    if lacking:
        raise WriteError(f"{package.name!r} cannot stand in conda-lock.yml without {lacking}")
