"""What was found in the files of a prefix, and whether it is what a record lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.inventory import OwnedFile
from conda_preflight.plain import document_type

_SHA256 = 32
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The sha256 of no bytes."""


@document_type
class Contents:
    """Digests by the place of a file in its tree.

    ``digests`` are sha256; ``special`` are other digests, or several of one file: as it is and
    as it may have been packed; ``scripts`` say of an entry point whether it is one and
    nothing else; ``starts`` are the first bytes of programs that cannot be started,
    ``interpreters`` what scripts in ``bin`` are run by; ``failed`` are reasons;
    ``bytecode`` is what is wrong with a compiled file.
    """

    digests: Mapping[int, bytes] = field(default_factory=dict)
    special: Mapping[int, bytes] = field(default_factory=dict)
    scripts: Mapping[int, bool] = field(default_factory=dict)
    starts: Mapping[int, bytes] = field(default_factory=dict)
    interpreters: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)
    bytecode: Mapping[int, str] = field(default_factory=dict)

    def fits(self, place: int, file: OwnedFile) -> bool | None:
        """Whether the content is the recorded one, None where nothing tells."""
        if is_special(file):
            found = self.special.get(place)
            wanted = bytes.fromhex(file.digest or (file.original.digest if file.original else ""))
            return None if found is None or not wanted else wanted in _parts(found, len(wanted))
        if file.digest:
            digest = self.digests.get(place)
            return None if digest is None else digest.hex() == file.digest
        return self.scripts.get(place)


def is_special(file: OwnedFile) -> bool:
    """Whether the sha256 of the file as it is cannot be compared with the record."""
    if file.digest:
        return len(file.digest) != 2 * _SHA256
    return file.original is not None


def _parts(found: bytes, length: int) -> list[bytes]:
    return [found[at : at + length] for at in range(0, len(found), length)]
