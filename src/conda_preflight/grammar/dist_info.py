"""One ``.dist-info`` folder: a Python project that pip or another installer put there.

Sources: core metadata, PEP 376 (INSTALLER, REQUESTED) and PEP 610 (direct_url.json).
"""

from __future__ import annotations

import json

from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized

MAX_HEADER = 64 * 1024
_WANTED = frozenset(("name", "version", "license", "license-expression"))


def parse(metadata: bytes, direct_url: bytes, path: str) -> Package:
    """A project from its METADATA and its direct_url.json (may be empty); raises ReadError."""
    fields, depends = _header(metadata)
    name, version = fields.get("name", ""), fields.get("version", "")
    if not name or not version:
        what = "version" if name else "name"
        raise ReadError(f"The METADATA of this project has no {what}", "Reinstall the project.")
    url, editable = _origin(direct_url)
    return Package(
        manager="pypi",
        name=normalized(name),
        version=version,
        location=Location(path, 1, 1),
        url=url,
        depends=depends,
        licence=fields.get("license-expression") or fields.get("license", ""),
        editable=editable,
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
    return found, tuple(depends)


def _origin(direct_url: bytes) -> tuple[str, bool]:
    """The URL that the project was installed from, and whether it is editable."""
    try:
        found = json.loads(direct_url) if direct_url else {}
    except (ValueError, RecursionError):
        return "", False
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        return "", False
    folder, source = found.get("dir_info"), found.get("vcs_info")
    url = found["url"].encode("utf-8", "replace").decode()
    if isinstance(source, dict) and isinstance(source.get("vcs"), str):
        commit = source.get("commit_id")
        url = f"{source['vcs']}+{url}@{commit if isinstance(commit, str) else ''}"
        url = url.encode("utf-8", "replace").decode()
    return url, isinstance(folder, dict) and folder.get("editable") is True
