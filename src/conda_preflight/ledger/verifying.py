"""Reads a whole ledger and tells what does not fit: the chain, the contents, the quick tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from conda_preflight.errors import ReadError
from conda_preflight.ledger.answer import Fault, Verified
from conda_preflight.ledger.chain import BEGINNING, link
from conda_preflight.ledger.contents import unpacked
from conda_preflight.ledger.form import content_digests
from conda_preflight.ledger.replay import Replay
from conda_preflight.ledger.store import Store

MAX_FAULTS = 100
_QUERY = (
    "SELECT seq, id, body, digest, series, at, errors, warnings, notes, muted, came, went, moved"
    " FROM record ORDER BY seq"
)


def verify(store: Store, head: str = "") -> Verified:
    """What a ledger holds, read anew; ``head`` is the digest of a record that must be in it.

    Without a head that somebody noted elsewhere, nothing tells that the last records are missing.
    """
    with store.reading():
        check = _Check(store, head)
        faults = []
        for fault in check.faults():
            faults.append(fault)
            if len(faults) == MAX_FAULTS:
                faults.append(Fault(0, "There are more faults than these."))
                break
    return Verified(check.records, check.contents, check.head, tuple(faults))


class _Check:
    def __init__(self, store: Store, head: str) -> None:
        self._store = store
        self._wanted = head
        self.records = 0
        self.contents = 0
        self.head = BEGINNING

    def faults(self) -> Iterator[Fault]:
        good: set[str] = set()
        yield from self._contents(good)
        replay = Replay(self._store)
        met = not self._wanted or self._wanted == BEGINNING
        before = 0
        for seq, key, body, digest, *row in self._store.stream(_QUERY):
            self.records += 1
            if seq != before + 1:
                yield Fault(seq, f"Record {before + 1} is not there.")
            if link(self.head, seq, key, body) != digest:
                yield Fault(seq, "It is not what was written after the record before it.")
            whole = self._named(seq, body, good)
            yield from replay.record(seq, body, row) if whole is None else [whole]
            before, self.head = seq, digest
            met = met or digest == self._wanted
        yield from replay.ended()
        if not met:
            yield Fault(0, "No record has the digest that was named: records at the end are gone.")

    def _contents(self, good: set[str]) -> Iterator[Fault]:
        for digest, body in self._store.stream("SELECT digest, body FROM content ORDER BY digest"):
            self.contents += 1
            try:
                same = hashlib.sha256(unpacked(bytes(body))).hexdigest() == digest
            except ReadError:
                same = False
            if same:
                good.add(digest)
            else:
                yield Fault(0, f"The content {digest[:64]} is not what its digest says.")

    @staticmethod
    def _named(seq: int, body: str, good: set[str]) -> Fault | None:
        """What is wrong with the contents of a record, None for nothing."""
        try:
            missing = [each for each in content_digests(body) if each not in good]
        except ReadError as error:
            return Fault(seq, f"It cannot be read: {error.message}.")
        return Fault(seq, "A content that it names is damaged or not there.") if missing else None
