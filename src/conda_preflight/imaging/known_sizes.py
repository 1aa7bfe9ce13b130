"""How large packages are whose lock does not tell: by the archives and caches of this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from conda_preflight.documents import Package

MAX_RECORD = 1_000_000
_RECORD = "info/repodata_record.json"


def known_sizes(packages: Iterable[Package], caches: Iterable[Path]) -> dict[Package, int]:
    """The sizes of the packages that lie here, in bytes of the archive."""
    folders = tuple(caches)
    found = {}
    for package in packages:
        if not package.size and (size := next(filter(None, _sizes(package, folders)), 0)):
            found[package] = size
    return found


def caches(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Where conda, mamba, pixi and rattler keep extracted packages.

    Sources: conda's setting ``pkgs_dirs`` and its defaults
    (https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html);
    rattler's ``default_cache_dir`` (https://docs.rs/rattler_cache).
    """
    named = environment.get("CONDA_PKGS_DIRS", "")
    yield from (Path(folder) for folder in named.split(os.pathsep) if folder)
    roots = [environment.get("CONDA_ROOT", ""), environment.get("MAMBA_ROOT_PREFIX", "")]
    roots += [str(home / name) for name in ("miniconda3", "miniforge3", "anaconda3", "micromamba")]
    yield from (Path(root, "pkgs") for root in roots if root)
    yield home / ".conda" / "pkgs"
    base = environment.get("RATTLER_CACHE_DIR") or home / ".cache" / "rattler" / "cache"
    yield Path(base, "pkgs")


def _sizes(package: Package, folders: Iterable[Path]) -> Iterator[int]:
    if package.url.startswith("file://"):
        yield _size_of(Path(unquote(urlsplit(package.url).path)))
    name = f"{package.name}-{package.version}-{package.build}"
    if package.manager != "conda" or "/" in name or "\0" in name:
        return
    for folder in folders:
        yield _recorded(folder / name / _RECORD, package)
        yield from (_size_of(folder / f"{name}{end}") for end in (".conda", ".tar.bz2"))


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except (OSError, ValueError):
        return 0


def _recorded(file: Path, package: Package) -> int:
    """What the record of an extracted package says, where it is of the same file."""
    try:
        if not file.is_file() or file.stat().st_size > MAX_RECORD:
            return 0
        record = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return 0
    if not isinstance(record, dict):
        return 0
    same = not package.sha256 or record.get("sha256") in (None, package.sha256)
    size = record.get("size")
    return size if same and isinstance(size, int) and 0 < size < 1 << 48 else 0
