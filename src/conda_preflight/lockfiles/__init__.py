"""Writers of lock files: from documents to text, one module per format.

Each writes the same text for the same lock, in the order that the tool which owns the
format uses, so that a change of one package changes the lines of that package alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.documents import Lock
from conda_preflight.errors import WriteError

FORMATS = ("conda-lock", "explicit", "pixi")


def write(locks: Sequence[Lock], format_name: str) -> dict[str, str]:
    """The texts of the files of a format, by file name, for the environments of a project.

    ``explicit`` is a list for each platform and a requirements file with hashes for its
    pip half; only ``pixi`` holds several environments. Raises WriteError for what the
    format cannot say.
    """
    from conda_preflight.lockfiles import conda_lock, explicit_list, pixi_lock, requirements_txt

    if format_name == "pixi":
        return {pixi_lock.NAME: pixi_lock.write(locks)}
    if len(locks) != 1:
        raise WriteError("Only pixi.lock holds several environments", "Name the one to write.")
    if format_name == "explicit":
        return explicit_list.write(locks[0]) | requirements_txt.write(locks[0])
    return {conda_lock.NAME: conda_lock.write(locks[0])}
