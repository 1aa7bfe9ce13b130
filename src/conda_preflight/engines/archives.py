"""Archives of locked packages: fetched, verified against the lock, and kept by digest.

The library that installs does not compare the digest of a local file; here each file is
compared, wherever it comes from, and again before each use. An archive enters the cache by
a rename when it is whole and verified, so that processes can share one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from conda_preflight.documents import Package
from conda_preflight.engines import rattler_runtime as runtime
from conda_preflight.engines.download import DigestError, FetchError, client, download
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type

if TYPE_CHECKING:
    from rattler.networking import Client

_LOCAL = ("file", "")
MAX_SHOWN = 3
Told = Callable[[int, int], None]
"""Gets how much is done, and of how much."""


@document_type
class Archive:
    """The file of a locked package; ``check`` is "sha256", "md5" or empty for none.

    ``source`` is "cache", "file" or "network".
    """

    package: Package
    file: Path
    check: str
    source: str


@document_type
class Supply:
    """Where archives come from and go to.

    ``folder`` is what relative paths of the lock start from, ``scratch`` lies on the same
    file system as ``cache``; ``seconds`` bounds the whole, and each silence of a server.
    """

    cache: Path
    scratch: Path
    folder: Path
    offline: bool = False
    allow_unverified: bool = False
    jobs: int = 4
    seconds: float = 1800.0


def fetch(packages: Sequence[Package], supply: Supply, told: Told) -> tuple[Archive, ...]:
    """The verified archive of each package, in their order; raises FetchError."""
    _refuse_unverifiable(packages, supply)
    here = {package: _found(package, supply) for package in packages}
    missing = [package for package, archive in here.items() if archive is None]
    if missing and supply.offline:
        raise FetchError(
            f"{_names(missing)}: not in the cache, and --offline forbids to fetch",
            "Run once without --offline, with the same --cache.",
        )
    here |= _fetched(missing, supply, told) if missing else {}
    return tuple(archive for package in packages if (archive := here[package]))


def verify(archive: Archive) -> None:
    """Compare a file with what the lock says of it; raises DigestError and FetchError."""
    if not archive.check:
        return
    wanted = getattr(archive.package, archive.check)
    found = _digest(archive.file, archive.check)
    if found != wanted:
        raise DigestError(
            f"{_shown(archive.package)} is not the file that was locked: its {archive.check} is"
            f" {found}, and the lock says {wanted}",
            "Do not install it. Find out who changed it, then make the lock anew.",
        )


def place(package: Package, supply: Supply) -> Path | None:
    """Where a verified archive of this package is kept, None where no digest names it."""
    check = _check(package)
    digest = getattr(package, check) if check else ""
    return supply.cache / "archives" / f"{check}-{digest}" / _file_name(package) if check else None


def _refuse_unverifiable(packages: Iterable[Package], supply: Supply) -> None:
    packages = list(packages)
    bare = [package for package in packages if not package.url]
    if bare:
        raise FetchError(
            f"{_names(bare)}: the lock names no address", "Make a lock with addresses."
        )
    odd = [package for package in packages if _file_name(package) in ("", ".", "..")]
    if odd:
        raise FetchError(f"{_names(odd)}: the address names no file", "Make the lock anew.")
    loose = [package for package in packages if not _check(package)]
    if loose and not supply.allow_unverified:
        raise FetchError(
            f"{_names(loose)}: the lock has no digest, so nothing could tell a changed file",
            "Make a lock with digests, or say --allow-unverified.",
        )


def _found(package: Package, supply: Supply) -> Archive | None:
    """A local file, which must be the right one, or a right one in the cache."""
    local = _local(package.url, supply.folder)
    if local is not None:
        archive = Archive(package, local, _check(package), "file")
        if not local.is_file():
            raise FetchError(f"{_shown(package)}: there is no file {local}", "Make the lock anew.")
        verify(archive)
        return archive
    kept = place(package, supply)
    if kept is None or not kept.is_file():
        return None
    archive = Archive(package, kept, _check(package), "cache")
    try:
        verify(archive)
    except DigestError:
        kept.unlink(missing_ok=True)  # a cache is only a cache
        return None
    return archive


def _fetched(packages: list[Package], supply: Supply, told: Told) -> dict[Package, Archive]:
    try:
        return runtime.run(_all(packages, supply, told), supply.seconds)
    except TimeoutError:
        raise FetchError(
            f"Not everything was fetched within {supply.seconds:.3g} seconds",
            "What was fetched is kept: run it again, or give more --seconds.",
        ) from None


async def _all(packages: list[Package], supply: Supply, told: Told) -> dict[Package, Archive]:
    """Each package fetched; the others are finished even where one fails, since they are kept."""
    one = client()
    gate = asyncio.Semaphore(supply.jobs)
    done: dict[Package, Archive] = {}
    failed: list[FetchError] = []

    async def work(package: Package) -> None:
        async with gate:
            try:
                done[package] = await _one(package, one, supply)
            except FetchError as error:
                failed.append(error)
        told(len(done), len(packages))

    await asyncio.gather(*(work(package) for package in packages))
    if failed:
        failed.sort(key=lambda error: not isinstance(error, DigestError))
        first, more = failed[0], len(failed) - 1
        text = f"{first.message}; {more} more failed" if more else first.message
        raise type(first)(text, first.hint, first.status)
    return done


async def _one(package: Package, one: Client, supply: Supply) -> Archive:
    kept = place(package, supply)
    name = f"{os.urandom(8).hex()}-{_file_name(package)}"
    draft = supply.scratch / name[-200:]
    await download(one, package, draft, supply.seconds)
    archive = Archive(package, draft, _check(package), "network")
    verify(archive)
    if kept is None:
        whole = supply.scratch / draft.stem / _file_name(package)
        whole.parent.mkdir()
    else:
        whole = kept
        whole.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(whole)
    return Archive(package, whole, archive.check, "network")


def _check(package: Package) -> str:
    return next((check for check in ("sha256", "md5") if getattr(package, check)), "")


def _digest(file: Path, check: str) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, check).hexdigest()
    except OSError as error:
        raise FetchError(f"{file} cannot be read: {error.strerror or error}") from None


def _local(url: str, folder: Path) -> Path | None:
    """The path that a URL names on this machine, None where it names another."""
    parts = urlsplit(url)
    if len(parts.scheme) > 1 and parts.scheme not in _LOCAL:
        return None
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return folder / url


def _file_name(package: Package) -> str:
    path = urlsplit(package.url).path if "://" in package.url else package.url
    return unquote(path.replace("\\", "/").rpartition("/")[2]).rpartition("/")[2]


def _shown(package: Package) -> str:
    return f"{package.name} {package.version} ({redact(package.url)})"


def _names(packages: Sequence[Package]) -> str:
    shown = ", ".join(package.name for package in packages[:MAX_SHOWN])
    more = len(packages) - MAX_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
