"""Turns a wheel into the conda package that installs the same."""

from __future__ import annotations

import configparser
import csv
import io
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from packaging.requirements import Requirement
from packaging.specifiers import Specifier
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from conda_preflight.pattern import lazy_pattern
from conda_preflight.testing.channel import artifact
from conda_preflight.testing.channel.artifact import PLACEHOLDER, Artifact, Entry
from conda_preflight.testing.channel.interpreter import ABI, PYTHON, SUBDIR

CONDA_NAMES = {"msgpack": "msgpack-python", "torch": "pytorch"}
"""What conda calls a project of another name on PyPI; the others are called the same."""

_SHEBANG = f"#!{PLACEHOLDER}/bin/python".encode()
_MANYLINUX = lazy_pattern(r"manylinux_2_(\d+)_")
_DATA = lazy_pattern(r"[^/]+\.data/(purelib|platlib|scripts|data|headers)/(.+)")


def write_wheel(wheel: Path, channel: Path, *, level: int = 3) -> Path:
    """Write the conda package of a wheel into a channel directory, and return its path.

    One that holds Python alone becomes ``noarch: python``, another is for the running
    interpreter's version and this machine. Markers are judged for both.
    """
    with ZipFile(wheel) as archive:
        return artifact.write(_artifact(wheel.name, archive), channel, level=level)


def _artifact(filename: str, archive: ZipFile) -> Artifact:
    name, version, _, tags = parse_wheel_filename(filename)
    pure = all(tag.platform == "any" for tag in tags)
    info = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA")).split("/")[0]
    metadata = HeaderParser().parsestr(archive.read(f"{info}/METADATA").decode(errors="replace"))
    scripts = dict(_entry_points(archive, info))
    purl = f"pkg:pypi/{name}@{version}"
    licence = metadata["License-Expression"] or metadata["License"] or ""
    return Artifact(
        CONDA_NAMES.get(name, name),
        str(version),
        "pyhd8ed1ab_0" if pure else f"py{PYTHON.replace('.', '')}h0000000_0",
        subdir=SUBDIR,
        noarch="python" if pure else "",
        depends=[*_depends(metadata), *([_python(metadata)] if pure else _platform(tags))],
        license=licence.partition("\n")[0][:80],
        files=dict(_files(archive, info, scripts, pure=pure)),
        entry_points=[f"{script} = {place}" for script, place in scripts.items()] if pure else (),
        index={"purls": [purl]},
        about={"summary": metadata["Summary"] or name, "home": metadata["Home-page"] or ""},
    )


def _depends(metadata: Message) -> Iterator[str]:
    """The requirements that hold here, without extras, as conda's specs."""
    for text in metadata.get_all("Requires-Dist", ()):
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            name = canonicalize_name(requirement.name)
            versions = ",".join(sorted(map(_version, requirement.specifier)))
            yield f"{CONDA_NAMES.get(name, name)} {versions}".rstrip()


def _version(specifier: Specifier) -> str:
    operator, version = specifier.operator, specifier.version
    if operator == "~=":
        series = ".".join(map(str, Version(version).release[:-1]))
        return f">={version},{series}.*"
    if operator == "==" and version.endswith(".*"):
        return version  # conda reads ==1.* as 1
    return f"{operator.replace('===', '==')}{version}"


def _python(metadata: Message) -> str:
    asked = Requirement(f"python {metadata['Requires-Python'] or ''}").specifier
    return f"python {','.join(sorted(map(_version, asked)))}".rstrip()


def _platform(tags: frozenset[Tag]) -> Iterator[str]:
    yield f"python {PYTHON}.*"
    yield f"python_abi {PYTHON}.* *_{ABI}"
    minors = [int(found[1]) for tag in tags if (found := _MANYLINUX.match(tag.platform))]
    if minors:
        yield f"__glibc >=2.{min(minors)},<3.0.a0"


def _files(
    archive: ZipFile, info: str, scripts: Mapping[str, str], *, pure: bool
) -> Iterator[tuple[str, Entry]]:
    """The files by path in the package: installers put those of noarch where python looks."""
    packages = "site-packages" if pure else f"lib/python{PYTHON}/site-packages"
    for member in archive.infolist():
        if not member.is_dir():
            yield _place(member.filename, packages, pure=pure), _entry(archive, member)
    yield f"{packages}/{info}/INSTALLER", Entry(b"conda\n")
    yield f"{packages}/{info}/REQUESTED", Entry()
    yield f"{packages}/{info}/RECORD", Entry(_record(archive, info))
    for script, place in ({} if pure else scripts).items():
        yield f"bin/{script}", _script(place)


def _place(name: str, packages: str, *, pure: bool) -> str:
    data = _DATA.fullmatch(name)
    if not data:
        return f"{packages}/{name}"
    folders = {
        "data": "",
        "headers": f"include/python{PYTHON}/",
        "scripts": "python-scripts/" if pure else "bin/",
    }
    return folders.get(data[1], f"{packages}/") + data[2]


def _entry(archive: ZipFile, member: ZipInfo) -> Entry:
    script = (
        PurePosixPath(member.filename).parts[0].endswith(".data") and "/scripts/" in member.filename
    )
    mode = 0o755 if script or member.external_attr >> 16 & 0o111 else 0o644
    if script and (content := archive.read(member)).startswith(b"#!python"):
        return Entry(_SHEBANG + content[content.index(b"\n") :], mode, placeholder=PLACEHOLDER)
    return Entry(partial(archive.read, member), mode)


def _script(place: str) -> Entry:
    module, _, name = place.partition(":")
    start = name.partition(".")[0]
    code = f"\nimport sys\nfrom {module} import {start}\nsys.exit({name}())\n"
    return Entry(_SHEBANG + code.encode(), 0o755, placeholder=PLACEHOLDER)


def _entry_points(archive: ZipFile, info: str) -> Iterator[tuple[str, str]]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    if f"{info}/entry_points.txt" in archive.namelist():
        parser.read_string(archive.read(f"{info}/entry_points.txt").decode())
    for section in ("console_scripts", "gui_scripts"):
        if parser.has_section(section):
            for script, place in parser.items(section):
                yield script, place.partition("[")[0].strip()


def _record(archive: ZipFile, info: str) -> bytes:
    """The wheel's RECORD without what is put elsewhere, with what an installer adds."""
    rows = csv.reader(io.TextIOWrapper(archive.open(f"{info}/RECORD"), encoding="utf-8"))
    kept = [row for row in rows if row and not _DATA.fullmatch(row[0])]
    text = io.StringIO()
    added = [[f"{info}/INSTALLER", "", ""], [f"{info}/REQUESTED", "", ""]]
    csv.writer(text, lineterminator="\n").writerows([*kept, *added])
    return text.getvalue().encode()
