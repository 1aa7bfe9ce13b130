"""What is fuzzed: the bytes of a file, through decoding and one reader, to its documents.

The first byte of an input chooses the name of the file, the rest is its content. For
``prefix`` the rest is a record of conda-meta, METADATA, direct_url.json and the history,
parted by PARTING. ``python -m benchmarks.fuzz_target READER FOLDER SECONDS`` is one run.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from benchmarks.fuzz_mutation import mutate

NAMES: dict[str, tuple[str, ...]] = {
    "conda_list": ("requirements.txt", "list.txt"),
    "conda_lock": ("conda-lock.yml",),
    "condarc": (".condarc", "condarc.d/a.yml", "settings.yml"),
    "dockerfile": ("Dockerfile", "gpu.docker"),
    "environment_yml": ("environment.yml", "ci.yaml"),
    "explicit_list": ("conda-linux-64.lock", "pinned.txt"),
    "host": ("host.json",),
    "pixi_lock": ("pixi.lock",),
    "pixi_toml": ("pixi.toml",),
    "prefix": ("env",),
    "pyproject_toml": ("pyproject.toml",),
    "requirements_txt": ("requirements.txt", "pip.lock"),
    "script": ("README.md", "README.rst", "install.sh", "Makefile", ".github/workflows/ci.yml"),
}
PARTING = b"\n%%\n"
MAX_SECONDS = 1.0
MAX_MIB = 2048
MAX_BYTES = 8 * 1024


def target(reader: str) -> Callable[[bytes], None]:
    """The function that takes one input and raises where the reader breaks its promise."""
    read = _prefix() if reader == "prefix" else _file(reader)
    slowest = 0.0

    def one_input(data: bytes) -> None:
        nonlocal slowest
        start = time.thread_time()
        name = NAMES[reader][(data[0] if data else 0) % len(NAMES[reader])]
        documents = read(data[1:], name)
        taken = time.thread_time() - start
        if taken > slowest:
            slowest = taken
            print(f"slowest: {taken:.4f} s, {len(data)} bytes", file=sys.stderr)
        if taken > MAX_SECONDS:
            raise AssertionError(f"{len(data)} bytes took {taken:.2f} s")
        for text in texts(documents):
            text.encode()  # half a surrogate pair would break every report

    return one_input


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
    from conda_preflight.readers import prefix

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
    )

    def read(data: bytes, name: str) -> list[Any]:
        for file, part in zip(files, data.split(PARTING) + [b""] * 3, strict=False):
            file.write_bytes(part)
        return list(prefix.read(root, name))

    return read


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
            todo.extend(getattr(here, name) for name in type(here).__match_args__)


def texts(documents: Iterable[Any]) -> Iterator[str]:
    """Every text in the documents."""
    return (part for part in _parts(list(documents)) if isinstance(part, str))


def _locations(documents: Iterable[Any]) -> Iterator[Any]:
    from conda_preflight.documents import Location

    return (part for part in _parts(list(documents)) if isinstance(part, Location))


def main() -> None:
    """One run of one reader, until the time is over or the reader breaks its promise."""
    import atheris

    reader, folder, seconds = sys.argv[1:]
    with atheris.instrument_imports(include=["conda_preflight"]):
        for package in ("documents", "errors", "facts", "grammar", "opening", "readers"):
            _import_all(f"conda_preflight.{package}")
    options = (
        f"-dict={folder}/dictionary",
        f"-artifact_prefix={folder}/crashes/",
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-rss_limit_mb={MAX_MIB}",
        "-timeout=60",
        "-print_final_stats=1",
    )
    arguments = [sys.argv[0], f"{folder}/corpus", f"{folder}/seeds", *options]
    atheris.Setup(arguments, target(reader), custom_mutator=mutate)
    atheris.Fuzz()


def _import_all(name: str) -> None:
    module = import_module(name)
    for found in walk_packages(getattr(module, "__path__", ()), f"{name}."):
        import_module(found.name)


if __name__ == "__main__":
    main()
