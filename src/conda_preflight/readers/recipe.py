"""The recipe that a conda package was made from, where the package cache still has it.

``conda-meta`` records say where the package was unpacked (``extracted_package_dir``); in
``info/recipe`` there lie the recipe and its patches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.documents import Package, Prefix
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.prefix_folder import PrefixFolder

MAX_PATCHES = 500
MAX_DEPTH = 4
MAX_HEAD = 8 * 1024

_CVE = lazy_pattern(r"CVE-\d{4}-\d{4,7}", 2)  # re.IGNORECASE
_PATCHES = (".patch", ".diff")
_FILE_NAME = lazy_pattern(r"[A-Za-z0-9_.+!-]{1,200}")


def patches(prefix: Prefix, package: Package) -> tuple[str, ...]:
    """The names of the patches in the recipe, each with the CVEs that its head names beside it.

    Nothing where the recipe is not at hand; never raises. Links that lead out are not followed.
    """
    for folder in _folders(prefix, package):
        cache = PrefixFolder(folder)
        recipe = folder / "info" / "recipe"
        if recipe.is_dir() and cache.has_inside(recipe):
            return tuple(_named(cache, recipe, MAX_DEPTH))[:MAX_PATCHES]
    return ()


def _folders(prefix: Prefix, package: Package) -> Iterator[Path]:
    """Where the package may lie unpacked: where the record says, else in caches near the prefix."""
    stem = f"{package.name}-{package.version}-{package.build}"
    root = Path(prefix.root)
    if package.manager != "conda" or not prefix.root or not _FILE_NAME.fullmatch(stem):
        return
    told = _told(PrefixFolder(root), root / "conda-meta" / f"{stem}.json")
    if told and Path(told).is_absolute():
        yield Path(told)
    for cache in (root / "pkgs", root.parent.parent / "pkgs"):
        yield cache / stem


def _told(folder: PrefixFolder, file: Path) -> str:
    try:
        record = json.loads(folder.text(file) or b"{}")
    except (ValueError, RecursionError):
        return ""
    found = record.get("extracted_package_dir") if isinstance(record, dict) else ""
    return found if isinstance(found, str) and "\0" not in found else ""


def _named(cache: PrefixFolder, folder: Path, depth: int) -> Iterator[str]:
    for entry in cache.entries(folder)[:MAX_PATCHES]:
        path = Path(entry.path)
        if entry.name.endswith(_PATCHES):
            yield " ".join(dict.fromkeys((entry.name, *_cves(cache, path))))
        elif depth and entry.is_dir(follow_symlinks=False):
            yield from _named(cache, path, depth - 1)


def _cves(cache: PrefixFolder, file: Path) -> tuple[str, ...]:
    """The CVEs in the head of a patch, above its first change."""
    try:
        head = cache.read(file)[:MAX_HEAD].decode("utf-8", "replace")
    except ReadError:
        return ()
    text = head.partition("\n--- ")[0].partition("\ndiff ")[0]
    return tuple(dict.fromkeys(name.upper() for name in _CVE.findall(text)))[:20]
