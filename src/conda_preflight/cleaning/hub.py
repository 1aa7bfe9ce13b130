"""The cache of Hugging Face: revisions of models, and the files that only they need.

Source of the layout: huggingface_hub's documentation "Understand caching" (``models--ORG--NAME``
with ``blobs``, ``snapshots/REVISION`` of links to them, and ``refs``, files that name a revision).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

REPOSITORY = lazy_pattern(r"(?:models|datasets|spaces)--[\w.-]+(?:--[\w.-]+)*")
REVISION = lazy_pattern(r"[0-9a-f]{7,64}")


@value_type
class Revision:
    """One revision of a model: its folder, the blobs that links in it lead to, what names it."""

    folder: str
    blobs: tuple[str, ...]
    refs: tuple[str, ...] = ()


@value_type
class Going:
    """What goes with a revision: its folder, the blobs that no other one needs, its refs."""

    revision: str
    parts: tuple[str, ...]
    names: tuple[str, ...]


def going(revisions: Sequence[Revision]) -> Iterator[Going]:
    """For each revision what its removal alone takes along; shared blobs stay with the others."""
    needed: dict[str, int] = {}
    for revision in revisions:
        for blob in set(revision.blobs):
            needed[blob] = needed.get(blob, 0) + 1
    for revision in revisions:
        alone = sorted({blob for blob in revision.blobs if needed[blob] == 1})
        names = tuple(ref.rpartition("/refs/")[2] for ref in revision.refs)
        yield Going(revision.folder, (revision.folder, *alone, *revision.refs), names)


def refs_of(contents: Mapping[str, str], revision: str) -> tuple[str, ...]:
    """The files below ``refs`` that name a revision."""
    return tuple(sorted(file for file, text in contents.items() if text.strip() == revision))


def called(repository: str) -> str:
    """``org/name`` for ``models--org--name``."""
    kind, _, rest = repository.partition("--")
    name = rest.replace("--", "/")
    return name if kind == "models" else f"{kind}/{name}"
