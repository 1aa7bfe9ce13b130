"""One ``.dist-info`` folder: a Python project that pip or another installer put there.

Sources: core metadata, PEP 376 (INSTALLER, REQUESTED) and PEP 610 (direct_url.json).
"""

from __future__ import annotations

import json

from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.pattern import lazy_pattern

MAX_HEADER = 64 * 1024
MAX_NAME = 100
"""Characters beyond which a licence is the first line of its text, and no name."""
_CLASSIFIER = "License :: "
_HEX = lazy_pattern(r"[0-9a-f]{64}")
_WANTED = frozenset(("name", "version", "license", "license-expression", "requires-python"))


def parse(metadata: bytes, direct_url: bytes, path: str) -> Package:
    """A project from its METADATA and its direct_url.json (may be empty); raises ReadError."""
    fields, depends = _header(metadata)
    name, version = fields.get("name", ""), fields.get("version", "")
    if not name or not version:
        what = "version" if name else "name"
        raise ReadError(f"The METADATA of this project has no {what}", "Reinstall the project.")
    url, editable, sha256 = _origin(direct_url)
    return Package(
        manager="pypi",
        name=normalized(name),
        version=version,
        location=Location(path, 1, 1),
        url=url,
        depends=depends,
        licence=_licence(fields),
        editable=editable,
        sha256=sha256,
        requires_python=fields.get("requires-python", ""),
    )


def _header(metadata: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """The first value of each wanted field above the first empty line, and the requirements."""
    text = metadata[:MAX_HEADER].decode("utf-8", "replace").replace("\r\n", "\n")
    found: dict[str, str] = {}
    depends: list[str] = []
    for row in text.removeprefix("\ufeff").partition("\n\n")[0].split("\n"):
        key, _, value = row.partition(":")
        if key.lower() in _WANTED:
            found.setdefault(key.lower(), value.strip())
        elif key.lower() == "requires-dist" and value.strip():
            depends.append(value.strip())
        elif key.lower() == "classifier" and value.strip().startswith(_CLASSIFIER):
            before = found.get("classifier", "")
            found["classifier"] = f"{before}; {value.strip()}" if before else value.strip()
    return found, tuple(depends)


def _licence(fields: dict[str, str]) -> str:
    """The expression, else the name of the licence, else the classifiers; source: PEP 639."""
    told = fields.get("license", "")
    is_name = 0 < len(told) <= MAX_NAME and told.upper() != "UNKNOWN"
    name = told if is_name else fields.get("classifier") or told
    return fields.get("license-expression") or name


def _origin(direct_url: bytes) -> tuple[str, bool, str]:
    """The URL that the project was installed from, whether it is editable, and its digest."""
    try:
        found = json.loads(direct_url) if direct_url else {}
    except (ValueError, RecursionError):
        return "", False, ""
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        return "", False, ""
    folder, source = found.get("dir_info"), found.get("vcs_info")
    url = found["url"].encode("utf-8", "replace").decode()
    if isinstance(source, dict) and isinstance(source.get("vcs"), str):
        commit = source.get("commit_id")
        url = f"{source['vcs']}+{url}@{commit if isinstance(commit, str) else ''}"
        url = url.encode("utf-8", "replace").decode()
    editable = isinstance(folder, dict) and folder.get("editable") is True
    return url, editable, _sha256(found.get("archive_info"))


def _sha256(archive: object) -> str:
    """The digest of an archive, in the newer way of writing it or the older one (PEP 610)."""
    if not isinstance(archive, dict):
        return ""
    hashes, one = archive.get("hashes"), archive.get("hash")
    digest = hashes.get("sha256") if isinstance(hashes, dict) else None
    if digest is None and isinstance(one, str):
        digest = one.removeprefix("sha256=")
    is_hex = isinstance(digest, str) and _HEX.fullmatch(digest)
    return digest if isinstance(digest, str) and is_hex else ""
