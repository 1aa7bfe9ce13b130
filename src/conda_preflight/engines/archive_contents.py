"""What is in an archive, looked at before anything of it is unpacked.

py-rattler passes over members that lead outside, but links absolute links as they are, and
stops the whole process at an absolute path in ``paths.json``; what is hostile is refused here.
"""

from __future__ import annotations

import asyncio
import json
import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from conda_preflight.documents import Package
from conda_preflight.engines import rattler_runtime as runtime
from conda_preflight.engines.archives import Archive, Told
from conda_preflight.errors import PreflightError
from conda_preflight.plain import document_type, value_type

if TYPE_CHECKING:
    from rattler.package_streaming import ArchiveEntry

MAX_ENTRIES = 1_000_000
MAX_UNPACKED = 64 * 1024**3
MAX_INFO = 256 * 1024**2
"""Bytes of one file that describes the package."""

FREE_GROWTH = 256 * 1024**2
MAX_GROWTH = 500
"""How many times its size an archive may grow beyond FREE_GROWTH bytes; text grows by 20."""

_READ = ("info/index.json", "info/paths.json", "info/link.json")
_SCRIPTS = ("-pre-link", "-post-link")
_JOBS = 2


class ArchiveError(PreflightError):
    """An archive is damaged, hostile, or not the package that it stands for."""


@value_type
class Member:
    """One entry: its path, its size in bytes, where it links to ("" for a file)."""

    path: str
    size: int
    link: str
    hard: bool = False


@document_type
class Contents:
    """A package that may be unpacked: its ``info/index.json``, its size, its link scripts."""

    archive: Archive
    index: dict[str, Any]
    unpacked: int
    scripts: tuple[str, ...]


def examine(archives: Sequence[Archive], seconds: float, told: Told) -> tuple[Contents, ...]:
    """Look into each archive, in their order; raises ArchiveError at the first bad one."""
    try:
        return tuple(runtime.run(_all(archives, told), seconds))
    except TimeoutError:
        raise ArchiveError(f"The archives could not be read within {seconds:.3g} seconds") from None


async def _all(archives: Sequence[Archive], told: Told) -> list[Contents]:
    gate = asyncio.Semaphore(_JOBS)
    done = 0

    async def work(archive: Archive) -> Contents:
        nonlocal done
        async with gate:
            found = await _examined(archive)
        done += 1
        told(done, len(archives))
        return found

    return await asyncio.gather(*(work(archive) for archive in archives))


async def _examined(archive: Archive) -> Contents:
    from rattler.package_streaming import PackageArchive

    try:
        opened = await PackageArchive.from_path(archive.file)
        members = [
            member
            for section in ("info", "pkg")
            async for member in _members(opened.stream(section), archive)
        ]
        texts = await opened.read_files(list(_READ))
    except OSError as error:
        raise _damaged(archive, str(error)) from None
    index = _index(archive, texts["info/index.json"])
    for path in _linked(archive, texts):
        _refuse_outside(archive, path, "paths.json names")
    scripts = tuple(m.path for m in members if _is_script(m.path))
    return Contents(archive, index, sum(m.size for m in members), scripts)


async def _members(stream: Any, archive: Archive) -> Any:  # noqa: ANN401  (asynchronous iterators)
    """Each member, once it has been found harmless."""
    total, limit = 0, MAX_UNPACKED
    size = archive.file.stat().st_size
    count = 0
    async for entry in stream:
        member = _member(entry, archive)
        _refuse_hostile(member, archive)
        total, count = total + member.size, count + 1
        grows = total > FREE_GROWTH and total > MAX_GROWTH * size
        if total > limit or grows or count > MAX_ENTRIES:
            raise ArchiveError(
                f"{_name(archive)} unpacks to more than {total >> 20} MiB from {size >> 10} KiB,"
                " as no package does",
                _LEAVE,
            )
        yield member


_LEAVE = "Do not install it. Take the package from a channel that you trust."


def _member(entry: ArchiveEntry, archive: Archive) -> Member:
    if not (entry.is_file or entry.is_link or entry.name.endswith("/")):
        raise ArchiveError(
            f"{_name(archive)} holds `{entry.name}`, which is neither file, link nor folder", _LEAVE
        )
    return Member(entry.name, entry.size, entry.link_target or "", entry.is_hardlink)


def _refuse_hostile(member: Member, archive: Archive) -> None:
    _refuse_outside(archive, member.path, "it holds")
    if member.path in _READ and member.size > MAX_INFO:
        raise ArchiveError(f"{_name(archive)}: {member.path} is too large to be true", _LEAVE)
    if not member.link:
        return
    start = "" if member.hard else posixpath.dirname(member.path)
    if _leads_out(posixpath.join(start, member.link)):
        raise ArchiveError(
            f"{_name(archive)} holds a link that leads out of the prefix:"
            f" `{member.path}` to `{member.link}`",
            _LEAVE,
        )


def _refuse_outside(archive: Archive, path: str, how: str) -> None:
    if _leads_out(path):
        raise ArchiveError(
            f"{_name(archive)} wants to write outside of the prefix: {how} `{path}`", _LEAVE
        )
    folder, _, name = posixpath.normpath(path).rpartition("/")
    if folder == "conda-meta" and (name == "history" or name.endswith(".json")):
        raise ArchiveError(
            f"{_name(archive)} wants to write the records of installed packages: {how} `{path}`",
            _LEAVE,
        )


def _leads_out(path: str) -> bool:
    plain = posixpath.normpath(path.replace("\\", "/"))
    return plain.startswith(("/", "../")) or plain == ".." or "\0" in path or plain[1:2] == ":"


def _linked(archive: Archive, texts: dict[str, bytes | None]) -> Iterator[str]:
    """Every path that the descriptions of the package say will be written."""
    listed = _json(archive, texts["info/paths.json"], "info/paths.json")
    rows = listed.get("paths")
    for row in rows if isinstance(rows, list) else ():
        path = row.get("_path") if isinstance(row, dict) else None
        if not isinstance(path, str):
            raise _damaged(archive, "a row of info/paths.json has no path")
        yield path
    link = _json(archive, texts["info/link.json"], "info/link.json")
    noarch = link.get("noarch")
    points = noarch.get("entry_points") if isinstance(noarch, dict) else None
    for point in points if isinstance(points, list) else ():
        yield f"bin/{str(point).partition('=')[0].strip()}"


def _index(archive: Archive, text: bytes | None) -> dict[str, Any]:
    """The ``info/index.json``, which must be about the package that was locked."""
    if text is None:
        raise _damaged(archive, "it has no info/index.json")
    index = _json(archive, text, "info/index.json")
    package = archive.package
    said = {key: str(index.get(key, "")) for key in ("name", "version", "build")}
    wanted = {"name": package.name, "version": package.version, "build": package.build}
    for key, value in wanted.items():
        if value and said[key].lower() != value.lower():
            raise ArchiveError(
                f"{_name(archive)} is {said['name']} {said['version']} {said['build']} inside,"
                f" and the lock says {package.name} {package.version} {package.build}".rstrip(),
                _LEAVE,
            )
    site = index.get("python_site_packages_path")
    if isinstance(site, str):
        _refuse_outside(archive, site, "modules would go to")
    _refuse_path_parts(archive, said)
    return index


def _refuse_path_parts(archive: Archive, said: dict[str, str]) -> None:
    """Name, version and build become the name of a file in conda-meta."""
    if any("/" in text or "\\" in text or "\0" in text for text in said.values()):
        raise ArchiveError(f"{_name(archive)}: its name holds a path", _LEAVE)


def _json(archive: Archive, text: bytes | None, path: str) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(archive, f"{path} is not JSON") from None
    if not isinstance(found, dict):
        raise _damaged(archive, f"{path} holds no mapping")
    return found


def _is_script(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in ("bin", "Scripts") and name.rpartition(".")[0].endswith(_SCRIPTS)


def _damaged(archive: Archive, text: str) -> ArchiveError:
    if "package-relative" in text:
        path = text.rpartition(": ")[2]
        return ArchiveError(
            f"{_name(archive)} wants to write outside of the prefix: it holds `{path}`", _LEAVE
        )
    return ArchiveError(
        f"{_name(archive)} is damaged: {text[:300]}", "Take the package from another place."
    )


def _name(archive: Archive) -> str:
    package: Package = archive.package
    return f"The archive of {package.name} {package.version}"
