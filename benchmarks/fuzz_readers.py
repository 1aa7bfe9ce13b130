"""How each reader is fuzzed: the bytes of a file, to its documents.

The first byte of an input chooses the name of the file, the rest is its content. For
``prefix`` the rest is a record of conda-meta, METADATA, direct_url.json, the history,
RECORD and INSTALLER, parted by PARTING.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

NAMES: dict[str, tuple[str, ...]] = {
    "conda_list": ("requirements.txt", "list.txt"),
    "conda_lock": ("conda-lock.yml",),
    "condarc": (".condarc", "condarc.d/a.yml", "settings.yml"),
    "cyclonedx": ("bom.json",),
    "dockerfile": ("Dockerfile", "gpu.docker"),
    "dockerignore": (".dockerignore",),
    "elf": ("lib/liba.so.1",),
    "environment_yml": ("environment.yml", "ci.yaml"),
    "explicit_list": ("conda-linux-64.lock", "pinned.txt"),
    "host": ("host.json",),
    "kubernetes": ("deployment.yaml",),
    "kustomization": ("kustomization.yaml",),
    "ld_cache": ("etc/ld.so.cache",),
    "pixi_lock": ("pixi.lock",),
    "pixi_toml": ("pixi.toml",),
    "prefix": ("env",),
    "pyproject_toml": ("pyproject.toml",),
    "python_file": ("a.py", "a.ipynb"),
    "requirements_txt": ("requirements.txt", "pip.lock"),
    "script": ("README.md", "README.rst", "install.sh", "Makefile", ".github/workflows/ci.yml"),
    "spdx": ("a.spdx.json",),
}
PARTING = b"\n%%\n"


def reading(reader: str) -> Callable[[bytes, str], Iterable[Any]]:
    """The function from the content and the name of a file to documents."""
    return _OTHERS[reader]() if reader in _OTHERS else _file(reader)


def _file(reader: str) -> Callable[[bytes, str], Iterable[Any]]:
    """As intake reads a file: its reader is asked, and a ReadError becomes a finding."""
    from conda_preflight.errors import ReadError
    from conda_preflight.opening import source_of

    module = import_module(f"conda_preflight.readers.{reader}")

    def read(data: bytes, name: str) -> list[Any]:
        try:
            source = source_of(data, name)
            module.recognizes(source)
            documents = list(module.read(source))
        except ReadError as error:
            return [error.message, error.hint]
        for place in _locations(documents):
            if place.line > len(source.lines) + 1:
                raise AssertionError(f"{place} is below the end of the file")
        return documents

    return read


def _prefix() -> Callable[[bytes, str], Iterable[Any]]:
    from conda_preflight.readers import inventory, prefix

    root = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, root)
    info = root / "lib" / "python3.11" / "site-packages" / "a-1.dist-info"
    info.mkdir(parents=True)
    (root / "conda-meta").mkdir()
    (info / "REQUESTED").touch()
    files = (
        root / "conda-meta" / "a-1-0.json",
        info / "METADATA",
        info / "direct_url.json",
        root / "conda-meta" / "history",
        info / "RECORD",
        info / "INSTALLER",
    )

    def read(data: bytes, name: str) -> list[Any]:
        for file, part in zip(files, data.split(PARTING) + [b""] * len(files), strict=False):
            file.write_bytes(part)
        inventory.read(root, name)  # its paths are bytes of a file system
        return list(prefix.read(root, name))

    return read


def _elf() -> Callable[[bytes, str], Iterable[Any]]:
    from conda_preflight.errors import ReadError
    from conda_preflight.grammar import elf

    def read(data: bytes, name: str) -> list[Any]:
        try:
            found = elf.parse(lambda at, count: data[at : at + count], len(data), name)
        except ReadError as error:
            return [error.message]
        return [found]

    return read


def _ld_cache() -> Callable[[bytes, str], Iterable[Any]]:
    from conda_preflight.grammar import ld_cache

    return lambda data, _: [len(ld_cache.parse(data))]  # its paths are bytes of a file system


def _python_file() -> Callable[[bytes, str], Iterable[Any]]:
    from conda_preflight.grammar import python_file

    return lambda data, name: [python_file.read(data, name)]


_OTHERS = {"prefix": _prefix, "elf": _elf, "ld_cache": _ld_cache, "python_file": _python_file}


def _locations(documents: Iterable[Any]) -> Iterator[Any]:
    from conda_preflight.documents import Location

    return (part for part in _parts(list(documents)) if isinstance(part, Location))


def _parts(value: object) -> Iterator[object]:
    """A value and all that it is made of."""
    todo = [value]
    while todo:
        here = todo.pop()
        yield here
        if isinstance(here, (list, tuple, frozenset)):
            todo.extend(here)
        elif isinstance(here, dict):
            todo.extend((*here, *here.values()))
        elif not isinstance(here, (str, int, type(None))):
            todo.extend(getattr(here, name) for name in getattr(here, "__match_args__", ()))


def texts(documents: Iterable[Any]) -> Iterator[str]:
    """Every text in the documents."""
    return (part for part in _parts(list(documents)) if isinstance(part, str))
