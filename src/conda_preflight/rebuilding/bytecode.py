"""Compiles the modules of a prefix, the same way each time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conda_preflight.engines import clean_process
from conda_preflight.engines.download import full, is_full

_HASHED = (3, 7)
"""The first Python whose bytecode may go without the time of its source (PEP 552)."""

_STRIPPED = (3, 9)
"""The first one that can leave the prefix out of the paths in bytecode."""


def compile_all(prefix: Path, python: str, home: Path, jobs: int, seconds: float) -> str:
    """Compile what no package brings compiled; returns what went wrong, empty for nothing.

    Raises FetchError when the disk is full.

    ``python`` is the version. Modules that are no Python of this version stay as they are.
    """
    version = tuple(int(part) for part in python.split(".")[:2] if part.isdigit())
    sources = sorted(_uncompiled(prefix, version))
    if not sources:
        return ""
    words: list[str | Path] = [
        prefix / "bin" / "python",
        "-I",
        "-m",
        "compileall",
        "-q",
        "-f",
        "-i",
        "-",
    ]
    if version >= _HASHED:
        words += ["--invalidation-mode", "unchecked-hash"]
    if version >= _STRIPPED:
        words += ["-s", prefix]
    env = clean_process.environment(home, prefix)

    def work(part: list[str]) -> clean_process.Ended:
        text = "\n".join(part).encode("utf-8", "surrogateescape")
        return clean_process.run(words, env, home, seconds, stdin=text)

    with ThreadPoolExecutor(jobs) as pool:
        ended = list(pool.map(work, (sources[n::jobs] for n in range(jobs))))
    if any(is_full(each.output) for each in ended if each.code):
        raise full()
    bad = [each for each in ended if each.late or each.code not in (0, 1)]
    return f"{bad[0].reason}: {bad[0].output[-300:]}" if bad else ""


def _uncompiled(prefix: Path, version: tuple[int, ...]) -> Iterator[str]:
    """Sources below ``lib/pythonX.Y`` whose bytecode no conda package owns."""
    if len(version) < 2:  # noqa: PLR2004  (major, minor)
        return
    tag = f"cpython-{version[0]}{version[1]}"
    library = prefix / "lib" / f"python{version[0]}.{version[1]}"
    owned = _owned(prefix)
    for folder, _, names in os.walk(library):
        for name in names:
            stem = name.removesuffix(".py")
            compiled = Path(folder, "__pycache__", f"{stem}.{tag}.pyc")
            if stem != name and compiled.relative_to(prefix).as_posix() not in owned:
                path = str(Path(folder, name))
                if "\n" not in path:
                    yield path


def _owned(prefix: Path) -> frozenset[str]:
    """The bytecode in conda packages, by path in the prefix."""
    records = (json.loads(f.read_bytes()) for f in (prefix / "conda-meta").glob("*.json"))
    return frozenset(path for each in records for path in each["files"] if path.endswith(".pyc"))
