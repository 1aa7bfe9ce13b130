"""The files that one record of ``conda-meta`` lists, with what they must be on the disk.

Source: ``paths_data`` as conda and rattler write it (CEP 34 for what is in the package).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from conda_preflight.documents.inventory import (
    ANY,
    BYTECODE,
    FILE,
    FOLDER,
    LINK,
    SCRIPT,
    Original,
    OwnedFile,
)
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern

_KINDS = {
    "hardlink": FILE,
    "softlink": LINK,
    "directory": FOLDER,
    "pyc_file": BYTECODE,
    "unix_python_entry_point": SCRIPT,
    "windows_python_entry_point_script": SCRIPT,
    "windows_python_entry_point_exe": SCRIPT,
}
_SHA256 = 64
_STRING = lazy_pattern(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_PATH = lazy_pattern(r'"_path":\s*"([^"\\]*(?:\\.[^"\\]*)*)"')


def parse(data: bytes) -> tuple[OwnedFile, ...]:
    """The files in a record's bytes; raises ReadError where they are no record.

    What ``files`` lists and ``paths_data`` does not is owned too, without a digest, as in the
    records of conda before 4.4.
    """
    try:
        fields = json.loads(data, object_hook=_row)
    except (ValueError, RecursionError, TypeError):
        raise ReadError("This record of an installed package is broken: it is not JSON") from None
    if not isinstance(fields, dict):
        raise ReadError("This record of an installed package is broken: it is no mapping")
    paths = fields.get("paths_data")
    rows = paths.get("paths") if isinstance(paths, dict) else None
    found = [row for row in rows if isinstance(row, OwnedFile)] if isinstance(rows, list) else []
    return (*found, *_only_named(fields.get("files"), found))


def _only_named(files: object, rows: list[OwnedFile]) -> Iterator[OwnedFile]:
    if not isinstance(files, list) or len(files) == len(rows):
        return
    known = {row.path for row in rows}
    for path in files:
        if isinstance(path, str) and path not in known:
            yield OwnedFile(path, ANY)


def _row(found: dict[str, Any]) -> object:
    """A row of ``paths_data`` as it is read, so that its mapping does not stay in memory.

    There are tens of thousands of them: most are plain files, and are done first.
    """
    get = found.get
    path = get("_path")
    if not isinstance(path, str):
        return found
    kind = _KINDS.get(get("path_type", ""), FILE)
    packed, here = _digest(get("sha256")), _digest(get("sha256_in_prefix"))
    if kind != FILE:
        return OwnedFile(path, kind, packed if kind == LINK else here or packed)
    size = get("size_in_bytes")
    size = size if isinstance(size, int) and size >= 0 else -1
    placeholder = get("prefix_placeholder")
    if placeholder and isinstance(placeholder, str):
        binary = get("file_mode") == "binary"
        original = Original(packed, placeholder, binary)
        return OwnedFile(path, FILE, here, size if binary else -1, original)
    if not here or here == packed:
        return OwnedFile(path, FILE, packed, size)
    return OwnedFile(path, FILE, here)


def _digest(value: object) -> str:
    return value if isinstance(value, str) and len(value) == _SHA256 else ""


def salvage(data: bytes) -> tuple[OwnedFile, ...]:
    """The paths that can still be made out in a record that is cut off or broken."""
    begin = data.find(b'"files"')
    text = data[max(begin, 0) :].decode("utf-8", "surrogateescape")
    listed = text.partition("]")[0] if begin >= 0 else ""
    names = [_unescaped(name) for name in _STRING.findall(listed.partition("[")[2])]
    names += [_unescaped(name) for name in _PATH.findall(text)]
    return tuple(OwnedFile(name, ANY) for name in dict.fromkeys(names) if name)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
