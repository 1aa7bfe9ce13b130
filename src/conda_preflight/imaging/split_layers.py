"""Part an environment into tiers, so that each can be a layer of an image of its own.

A program of its own, written by conda-preflight beside a Dockerfile and run by the Python of the
environment that it parts: it moves each file to the tier of the package whose record names it.
``tiers.json`` maps "conda NAME" and "pypi NAME" to tiers; what is nobody's goes to the last. It
also holds the texts by which tools are told to leave the environment as it is.
"""

from __future__ import annotations

import compileall
import csv
import json
import os
import py_compile
import re
import shutil
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = "LIBRARY/"
"""What stands in the table for the folder of Python's own library."""


def normal(name: str) -> str:
    """A project's name as pip compares it; source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def owned(prefix: Path, tiers: dict[str, str], last: str) -> dict[str, str]:
    """The tier of each file that a record names, conda's before pip's."""
    found = dict(of_wheels(prefix, tiers))
    for record in sorted((prefix / "conda-meta").glob("*.json")):
        package = json.loads(record.read_bytes())
        tier = tiers.get("conda " + package["name"], last)
        for file in [*package["files"], "conda-meta/" + record.name]:
            found[file] = tier
    return found


def of_wheels(prefix: Path, tiers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The files that wheels list; ``NAME-VERSION.dist-info`` says whose they are."""
    for record in sorted(prefix.glob("lib/python*/site-packages/*.dist-info/RECORD")):
        tier = tiers.get("pypi " + normal(record.parent.name.partition("-")[0]))
        with record.open(newline="", encoding="utf-8") as rows:
            for row in csv.reader(rows) if tier else ():
                path = os.path.normpath(str(record.parents[1] / row[0]))
                if path.startswith(f"{prefix}{os.sep}"):
                    yield os.path.relpath(path, prefix), str(tier)


def freeze(prefix: Path, marks: dict[str, str]) -> None:
    """Write the texts that keep conda, pip and uv from changing the environment."""
    libraries = [each for each in prefix.glob("lib/python3.*") if (each / "os.py").is_file()]
    for path, text in marks.items():
        folders = libraries if path.startswith(LIBRARY) else [prefix]
        for folder in folders:
            (folder / path.removeprefix(LIBRARY)).write_text(text)


def compiled(prefix: Path) -> None:
    """Compile every module so that it is found by content, and the same each time."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(prefix / "lib", quiet=2, invalidation_mode=mode)


def tier_of(path: str, tiers: dict[str, str], last: str) -> str:
    """The tier of a file; compiled code goes with its source."""
    at = Path(path)
    if path not in tiers and at.parent.name == "__pycache__":
        path = str(at.parents[1] / f"{at.name.partition('.')[0]}.py")
    return tiers.get(path, last)


def files(prefix: Path) -> Iterator[str]:
    """Every file and link below a prefix, in order; links to folders are not gone into."""
    for folder, folders, names in os.walk(prefix):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted([*names, *links]):
            yield os.path.relpath(f"{folder}/{name}", prefix)


def split(prefix: Path, layers: Path, table: dict[str, str], order: list[str]) -> None:
    """Move every file of a prefix to ``layers/TIER/PREFIX/...``."""
    last = order[-1]
    tiers = owned(prefix, table, last)
    for name in order:
        (layers / name).mkdir(parents=True, exist_ok=True)
    for path in list(files(prefix)):
        target = layers / tier_of(path, tiers, last) / prefix.relative_to("/") / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(prefix / path), str(target))


def main() -> None:
    """``split_layers.py PREFIX LAYERS TIERS.json``."""
    prefix, layers, table = (Path(word) for word in sys.argv[1:4])
    told = json.loads(table.read_bytes())
    compiled(prefix)
    freeze(prefix, told["marks"])
    split(prefix, layers, told["tiers"], told["order"])


if __name__ == "__main__":
    main()
