"""The RECORD of a ``.dist-info`` folder, and what older installers left instead of it.

Source: the specification of recording installed projects (PEP 376, PEP 627).
"""

from __future__ import annotations

import base64
import csv
import io
import posixpath
from collections.abc import Iterable, Iterator

from conda_preflight.documents.inventory import BYTECODE, FILE, OwnedFile
from conda_preflight.errors import ReadError

_ALGORITHMS = {"sha256": 32, "sha384": 48, "sha512": 64}
_COLUMNS = 3
_MODULE = ".py,sha256="
_MAX_DIGITS = 19


def parse(data: bytes, site: str) -> tuple[tuple[OwnedFile, ...], ReadError | None]:
    """The files of a RECORD, and the error that ends them where the list was cut off or broken.

    ``site`` is the folder, in the prefix, that its paths start from.
    """
    found: list[OwnedFile] = []
    text = data.decode("utf-8", "surrogateescape")
    try:
        for row in _rows(io.StringIO(text, newline="")):
            found.append(_file(row, site))  # noqa: PERF401  (what came before an error counts)
    except ReadError as error:
        return tuple(found), error
    return tuple(found), None


def module_digests(data: bytes, site: str) -> dict[str, str]:
    """The sha256 of each module that a RECORD lists, by its path in the prefix."""
    text = data.decode("utf-8", "surrogateescape")
    if '"' in text:
        return {file.path: file.digest for file in parse(data, site)[0] if file.digest}
    rows = (line.partition(_MODULE) for line in text.split("\n") if _MODULE in line)
    found = {_place(site, f"{name}.py"): _digest(f"sha256={rest}") for name, _, rest in rows}
    return {path: digest for path, digest in found.items() if digest}


def installed_files(data: bytes, folder: str) -> tuple[OwnedFile, ...]:
    """The files of an ``installed-files.txt``, whose paths start from its own folder."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return tuple(OwnedFile(_place(folder, line)) for line in lines if line.strip())


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if row and (len(row) != _COLUMNS or not row[0] or "\0" in row[0]):
                raise _broken(reader.line_num)
            if row:
                yield row
    except csv.Error:
        raise _broken(reader.line_num) from None


def _file(row: list[str], site: str) -> OwnedFile:
    path, digest, size = row
    kind = BYTECODE if path.endswith(".pyc") else FILE
    known = int(size) if size.isdecimal() and len(size) < _MAX_DIGITS else -1
    return OwnedFile(_place(site, path), kind, _digest(digest), known)


def _digest(text: str) -> str:
    """The digest in hex; empty where there is none, or of a kind that proves nothing."""
    name, _, value = text.partition(",")[0].partition("=")
    length = _ALGORITHMS.get(name)
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)) if length else b""
    except ValueError:
        return ""
    return raw.hex() if len(raw) == length else ""


def _place(folder: str, path: str) -> str:
    """The path in the prefix; one that leads out of it begins with ``..`` or a slash."""
    if path.startswith("../") or "/../" in path or "./" in path or "//" in path:
        return posixpath.normpath(posixpath.join(folder, path))
    return path if path.startswith("/") else f"{folder}/{path}"


def _broken(line: int) -> ReadError:
    return ReadError(f"Line {line} of this list of installed files is cut off or broken")
