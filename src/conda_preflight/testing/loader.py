"""What the dynamic loader of this machine picks, beside what is predicted of it.

For libraries that are known: the loader maps them and runs none of their code.
"""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

from conda_preflight.facts.loader import LOADERS
from conda_preflight.loading.contents import take
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.machine import machine
from conda_preflight.loading.model import Model
from conda_preflight.plain import document_type

_LINE = re.compile(r"\s+(\S+)(?: => (not found|/\S+))?(?: \(0x[0-9a-f]+\))?")
_PROGRAM = re.compile(r"\.so(?:\.[\w.]+)?$|/bin/[^/]+$")


@document_type
class Agreement:
    """How many edges, of an entry point and a library, were compared, and which differ.

    Each difference is the entry, the library, what the loader picks and what was predicted.
    """

    entries: int
    edges: int
    differences: list[tuple[str, str, str | None, str | None]]

    @property
    def share(self) -> float:
        """The part of the edges that was predicted right, 1.0 for all."""
        return 1 - len(self.differences) / self.edges if self.edges else 1.0


def traced(file: Path, library_path: str = "") -> dict[str, str]:
    """The real path of each library that the loader of this machine maps for a file.

    A path is empty for what it does not find. Libraries are mapped as if they were programs.
    """
    variables = {"LD_TRACE_LOADED_OBJECTS": "1"}
    if library_path:
        variables["LD_LIBRARY_PATH"] = library_path
    done = subprocess.run(  # noqa: S603
        [LOADERS[os.uname().machine], str(file)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, str] = {}
    for hit in map(_LINE.fullmatch, done.stdout.splitlines()):
        if hit and not hit[1].startswith(("linux-vdso", "/lib")) and hit[1] != "statically":
            missing = hit[2] == "not found"
            # What was missed once may be found for another: a real start would have ended.
            found.setdefault(hit[1], "" if missing else os.path.realpath(hit[2] or hit[1]))
    return found


def compare(prefix: Path, library_path: str = "") -> Agreement:
    """Prediction and truth for each ELF file below a folder, mapped as a program.

    Files for other machines, and names by which an entry means itself, are left out.
    """
    root = os.path.realpath(prefix)
    disk = Disk(root)
    contents = take(disk, root)
    system = machine(disk, os.uname().machine, "this machine", is_here=True)
    model = Model(contents, disk, system, tuple(filter(None, library_path.split(":"))))
    rows = []
    entries = [p for p, found in contents.objects.items() if found.abi == os.uname().machine]
    for path in entries:
        own = contents.paths[path]
        truth = {n: p for n, p in traced(Path(own), library_path).items() if p != own}
        said = _predicted(model, path, root)
        rows += [(path, name, truth.get(name), said.get(name)) for name in {*truth, *said}]
    wrong = [row for row in rows if row[2] != row[3]]
    return Agreement(len(entries), len(rows), wrong)


def _predicted(model: Model, path: str, root: str) -> dict[str, str]:
    """By the name under which each is asked for first, without the loader and the entry itself."""
    found: dict[str, str] = {}
    for link in model.program(path).links:
        if link.provider != path and not link.soname.startswith(("ld-linux", "/lib")):
            real = str(Path(root, link.provider).resolve()) if link.provider else ""
            found.setdefault(link.soname, real)
    return found


def unpack_libraries(wheels: Iterable[Path], prefix: Path, python: str = "3.11") -> Path:
    """Write the libraries and programs of wheels, nothing else of them, into a bare prefix."""
    site = prefix / "lib" / f"python{python}" / "site-packages"
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                if _PROGRAM.search(member.filename):
                    file = _place(member.filename, prefix, site)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(archive.read(member))
                    file.chmod(member.external_attr >> 16 & 0o777 | 0o600)
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    (prefix / "conda-meta" / "history").touch()
    return prefix


def _place(name: str, prefix: Path, site: Path) -> Path:
    """Where an installer writes a member of a wheel; a part of ``NAME.data`` has its own place."""
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return site / name
    kind, _, inner = rest.partition("/")
    return {"data": prefix, "scripts": prefix / "bin"}.get(kind, site) / inner
