"""The running interpreter as a relocatable ``python`` package with what it needs."""

from __future__ import annotations

import os
import platform
import site
import sys
import sysconfig
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.testing.channel.artifact import PLACEHOLDER, Artifact, Entry
from conda_preflight.testing.channel.native import (
    Links,
    glibc_needed,
    links,
    native_packages,
    package_of,
    relocated,
)

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The version of the running interpreter that names its directories."""

ABI = f"cp{PYTHON.replace('.', '')}"
"""The tag of its binary interface, as in wheels and in the build of ``python_abi``."""

SUBDIR = {"x86_64": "linux-64"}.get(platform.machine(), f"linux-{platform.machine()}")
"""The subdir of packages for this machine."""

_LIBRARY = f"lib/python{PYTHON}"
_STDLIB = Path(sysconfig.get_path("stdlib"))

# Left out: what tests the interpreter, needs a display, or belongs to the place it came from.
_FOLDERS = {"dist-packages", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages"}
_FOLDERS |= {"__pycache__", "idle_test", "test", "tests", "tkinter", "turtledemo"}
_FILES = {"EXTERNALLY-MANAGED", "sitecustomize.py", "turtle.py"}
_EXTENSIONS = ("_test", "_xxtest", "_ctypes_test", "_tkinter", "xx")
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")


def interpreter_packages() -> Iterator[Artifact]:
    """``python``, its native libraries, ``python_abi`` and ``tzdata``.

    Extension modules that need a library which is not packaged are left out. Raises
    PreflightError elsewhere than on Linux with glibc.
    """
    if sys.platform != "linux" or not platform.libc_ver()[1]:
        raise PreflightError("the interpreter can only be packaged on Linux with glibc")
    binaries, needed = _binaries()
    natives = list(native_packages(needed, SUBDIR))
    yield from natives
    yield _python(binaries, natives)
    yield Artifact(
        "python_abi",
        PYTHON,
        f"8_{ABI}",
        noarch="generic",
        constrains=[f"python {PYTHON}.* *_cpython"],
        license="BSD-3-Clause",
    )
    yield _tzdata()


def _binaries() -> tuple[dict[str, Path], Links]:
    """What is linked, by path in the prefix, and the libraries of others that it needs."""
    program = Path(sys.executable).resolve()
    own = {f"bin/python{PYTHON}": program}
    # Extension modules find this one already loaded; the loader alone may find another for them.
    shared = {name: path for name, path in links(program).items() if name.startswith("libpython")}
    own |= {f"lib/{name}": path for name, path in shared.items() if path}
    needed: dict[str, Path | None] = {}
    for place, file in {**own, **_extensions()}.items():
        needs = {n: path for n, path in links(file).items() if not n.startswith("libpython")}
        if all(path and package_of(soname) for soname, path in needs.items()):
            own[place] = file
            needed |= needs
    return own, needed


def _extensions() -> dict[str, Path]:
    return {
        f"{_LIBRARY}/lib-dynload/{file.name}": file
        for file in sorted(_STDLIB.glob("lib-dynload/*.so"))
        if not file.name.startswith(_EXTENSIONS)
    }


def _python(binaries: dict[str, Path], natives: list[Artifact]) -> Artifact:
    compiled = relocated(binaries)
    site_packages = f"{_LIBRARY}/site-packages"
    links = {name: Entry(link=f"python{PYTHON}") for name in ("bin/python", "bin/python3")}
    if site.getsitepackages(["/"])[0].endswith("dist-packages"):  # where Debian's looks
        links[f"{_LIBRARY}/dist-packages"] = Entry(link="site-packages")
    return Artifact(
        "python",
        platform.python_version(),
        "h0000000_0_cpython",
        subdir=SUBDIR,
        depends=[
            *(f"{native.name} >={native.version}" for native in natives),
            glibc_needed(compiled.values()),
            "tzdata",
        ],
        constrains=[f"python_abi {PYTHON}.* *_{ABI}"],
        license="Python-2.0",
        files={
            **links,
            **compiled,
            **dict(_modules()),
            f"{site_packages}/README.txt": Entry(b"Packages are installed here.\n"),
        },
        index={"python_site_packages_path": site_packages},
    )


def _modules() -> Iterator[tuple[str, Entry]]:
    for folder, folders, names in os.walk(_STDLIB):
        folders[:] = [name for name in folders if name not in _FOLDERS and "config-" not in name]
        for name in names:
            file = Path(folder, name)
            if file.suffix in {".py", ".txt", ".cfg"} and name not in _FILES:
                place = f"{_LIBRARY}/{file.relative_to(_STDLIB).as_posix()}"
                yield place, _module(file)


def _module(file: Path) -> Entry:
    content = file.read_bytes()
    if not file.name.startswith("_sysconfigdata"):
        return Entry(content)
    zones = sysconfig.get_config_var("TZPATH") or "/usr/share/zoneinfo"
    content = content.replace(zones.encode(), f"{PLACEHOLDER}/share/zoneinfo".encode())
    content = content.replace(sys.base_prefix.encode(), PLACEHOLDER.encode())
    return Entry(content, placeholder=PLACEHOLDER)


def _tzdata() -> Artifact:
    folders = [Path(folder) for folder in zoneinfo.TZPATH if Path(folder, "UTC").is_file()]
    version, files = "0", {}
    for folder in folders[:1]:
        files = {f"share/zoneinfo/{zone}": Entry((folder / zone).read_bytes()) for zone in _ZONES}
        if (source := folder / "tzdata.zi").is_file():
            version = source.read_text(encoding="utf-8").split(maxsplit=3)[2]  # "# version 2025b"
    licence = "LicenseRef-Public-Domain"
    return Artifact("tzdata", version, "h0000000_0", noarch="generic", license=licence, files=files)
