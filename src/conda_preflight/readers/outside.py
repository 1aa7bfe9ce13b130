"""The folders outside of a prefix that its Python looks into.

Source: Python's documentation of the modules ``site`` and ``venv``, and of PYTHONPATH.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from conda_preflight.documents.outside import Outside, OutsideFolder
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.opening import read_bytes
from conda_preflight.prefix_folder import MAX_ENTRIES, PrefixFolder

MAX_LINES = 1000
_LEGACY = ".egg-info"


def read(directory: Path, environment: Mapping[str, str], home: Path) -> Outside:
    """Those of a prefix, for a process with these variables and that home; never raises."""
    prefix = PrefixFolder(directory)
    found: dict[str, OutsideFolder] = {}
    for library in prefix.libraries():
        for path, how, is_first in _named(prefix, library, environment, home):
            real = os.path.realpath(path)
            if real not in found and not prefix.has_inside(Path(path)):
                projects = tuple(_projects(Path(path)))
                if projects:
                    found[real] = OutsideFolder(path, how, projects, is_first)
    return Outside(tuple(found.values()))


def _named(
    prefix: PrefixFolder, library: Path, environment: Mapping[str, str], home: Path
) -> Iterator[tuple[str, str, bool]]:
    told = _own_variables(prefix.root / "conda-meta" / "state").get("PYTHONPATH", "")
    both = (environment.get("PYTHONPATH", ""), ""), (told, " of the environment")
    for text, whose in both:
        for entry in filter(None, text.split(os.pathsep)):
            yield entry, f"PYTHONPATH{whose} names it", True
    configured = _configuration(prefix.root / "pyvenv.cfg")
    if not environment.get("PYTHONNOUSERSITE") and configured.get("user", "true") == "true":
        base = environment.get("PYTHONUSERBASE") or str(home / ".local")
        yield f"{base}/lib/{library.name}/site-packages", "it is the user's own folder", True
    if configured.get("include-system-site-packages") == "true" and configured.get("home"):
        base = posixpath.dirname(configured["home"])
        yield (
            f"{base}/lib/{library.name}/site-packages",
            "pyvenv.cfg says include-system-site-packages",
            False,
        )
    yield from ((path, how, False) for path, how in _path_files(library / "site-packages"))


def _own_variables(file: Path) -> dict[str, str]:
    """What `conda env config vars set` keeps, and sets when the environment is activated."""
    import json

    try:
        found = json.loads(read_bytes(file)).get("env_vars", {})
        return {key: value for key, value in found.items() if isinstance(value, str)}
    except (ReadError, ValueError, RecursionError, AttributeError):
        return {}


def _configuration(file: Path) -> dict[str, str]:
    """The keys of a pyvenv.cfg; with one that is shut off, the user's folder is shut off too."""
    found = {}
    for line in _lines(file):
        key, _, value = line.partition("=")
        found[key.strip().lower()] = value.strip()
    if found:
        found = {k: v.lower() if k.startswith("include") else v for k, v in found.items()}
        found["user"] = found.get("include-system-site-packages", "false")
    return found


def _path_files(site: Path) -> Iterator[tuple[str, str]]:
    for name in sorted(_names(site)):
        if name.endswith(".pth") and not name.startswith("__editable__"):
            for line in _lines(site / name):
                text = line.rstrip()
                if text and not text.startswith(("#", "import ", "import\t")):
                    yield os.path.join(site, text), f"{name} names it"  # noqa: PTH118  (as site does)


def _projects(folder: Path) -> Iterator[tuple[str, str]]:
    for name in sorted(_names(folder)):
        stem, ending = os.path.splitext(name)  # noqa: PTH122  (a name, not a path)
        if ending in (".dist-info", _LEGACY):
            project, _, rest = stem.partition("-")
            yield normalized(project), rest.partition("-py")[0]


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, MAX_ENTRIES)]
    except (OSError, ValueError):
        return []


def _lines(file: Path) -> list[str]:
    try:
        text = read_bytes(file).decode("utf-8", "replace")
    except (ReadError, ValueError):
        return []
    return [line for line in text.splitlines()[:MAX_LINES] if "\0" not in line]  # names no file
