"""Whether pip or another installer has put its own project over one that conda brought."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from conda_preflight.documents.inventory import OwnedFile

CONDA = "conda"


def installer_of(data: bytes) -> str:
    """What an INSTALLER says, in one short line."""
    return data.decode("utf-8", "replace").strip()[:100]


def is_taken_over(files: Iterable[OwnedFile], folder: str, installer: bytes, record: bytes) -> bool:
    """Whether both files by which an installer tells of itself are not those of the record.

    ``files`` are those that conda's record lists, ``folder`` is the project's ``.dist-info`` in
    the prefix, ``installer`` and ``record`` are the content of these files now.
    """
    if installer_of(installer) in ("", CONDA) or not record:
        return False
    found = {f"{folder}/INSTALLER": installer, f"{folder}/RECORD": record}
    packed = {file.path: file.digest for file in files if file.path in found}
    return all(hashlib.sha256(d).hexdigest() != packed.get(p, "") for p, d in found.items())
