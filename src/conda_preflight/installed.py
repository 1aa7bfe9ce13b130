"""The environments that documents hold, each with what its manifests ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conda_preflight.documents import Document, Lock, Manifest, Prefix
from conda_preflight.installation import Installation, asks, of_lock, of_prefix
from conda_preflight.pairing import pair


def installed(documents: Iterable[Document]) -> Iterator[tuple[Lock | Prefix, Installation]]:
    """Each environment of locks and prefixes on each platform, with its document."""
    every = tuple(documents)
    locks = [doc for doc in every if isinstance(doc, Lock)]
    manifests = [doc for doc in every if isinstance(doc, Manifest) and not doc.partial]
    pairs = pair(manifests, locks)
    for lock in locks:
        owners = [manifest for manifest, own in pairs if own is lock]
        yield from ((lock, _asked(one, owners)) for one in of_lock(lock))
    yield from ((doc, of_prefix(doc)) for doc in every if isinstance(doc, Prefix))


def _asked(one: Installation, owners: list[Manifest]) -> Installation:
    return replace(one, asked=asks(owners, one)) if owners else one
