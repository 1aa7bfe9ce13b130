"""The files of the pip half, fetched and verified like conda's, so that uv gets them locally.

What uv unpacks it trusts later without a second look; it gets a cache of its own each time,
and the verified files from ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conda_preflight.documents import Package
from conda_preflight.engines.archives import Archive, Supply, Told, fetch
from conda_preflight.engines.download import FetchError
from conda_preflight.plain import document_type

_REFUSED = (401, 403)


@document_type
class PipFiles:
    """Packages whose verified files lie in ``folder``, and those that uv has to find itself.

    ``archives`` are the verified files.
    """

    folder: Path
    here: tuple[Package, ...] = ()
    elsewhere: tuple[Package, ...] = ()
    archives: tuple[Archive, ...] = ()


def collect(packages: Sequence[Package], supply: Supply, folder: Path, told: Told) -> PipFiles:
    """Fetch the wheels that have an address and a sha256 into a folder; raises FetchError.

    uv finds the others on the indexes, by their hashes, and those behind a login, since it
    knows the credentials of indexes.
    """
    wheels = [p for p in packages if p.sha256 and p.url.partition("#")[0].endswith(".whl")]
    try:
        archives = fetch(wheels, supply, told) if wheels else ()
    except FetchError as error:
        if error.status not in _REFUSED:
            raise
        return PipFiles(folder, elsewhere=tuple(packages))
    folder.mkdir(parents=True)
    for archive in archives:
        target = folder / archive.file.name
        if not target.exists():
            target.symlink_to(archive.file.resolve())
    here = tuple(replace(p, url="", hashes=(f"sha256:{p.sha256}",)) for p in wheels)
    elsewhere = tuple(p for p in packages if p not in wheels)
    return PipFiles(folder, here, elsewhere, archives)
