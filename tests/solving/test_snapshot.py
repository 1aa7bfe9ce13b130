"""Files of channel snapshots: the same records give the same bytes, and bad files a sentence."""

from __future__ import annotations

import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.solving.question import Reachable
from conda_preflight.solving.snapshot import SCHEMA, read, slimmed, write

RECORDS = {
    ("https://h.example.org/c", subdir): {
        f"{name}-1-0.conda": {
            "name": name,
            "version": "1",
            "build": "0",
            "subdir": subdir,
            "depends": ["b"],
        }
    }
    for name, subdir in (("a", "linux-64"), ("b-c", "noarch"))
}


def packed(document):
    return lzma.compress(json.dumps(document).encode())


def test_what_is_written_is_read():
    assert read(write([Reachable(RECORDS)])).records == RECORDS


def test_a_record_may_say_otherwise_than_its_file():
    odd = {"name": "x", "version": "2", "build": "y", "subdir": "osx-64", "url": "u"}
    for file in ("a-1-0.conda", "a-1-0.tar.bz2", "a.conda", "", "----"):
        records = {("u", "linux-64"): {file: odd}}
        assert read(write([Reachable(records)])).records == records


def test_the_same_records_are_the_same_bytes():
    turned = {key: dict(reversed(rows.items())) for key, rows in reversed(RECORDS.items())}
    assert write([Reachable(RECORDS)]) == write([Reachable(turned)])
    parts = [Reachable({key: rows}) for key, rows in RECORDS.items()]
    assert write(parts) == write(reversed(parts)) == write([Reachable(RECORDS)])


def test_what_was_not_chosen_has_one_digest_and_no_size():
    rows = {
        name: {"name": name, "sha256": "s", "md5": "m", "size": 1}
        for name in ("a-1-0.conda", "b-1-0.conda")
    }
    rows["c-1-0.conda"] = {"name": "c", "md5": "m"}
    where = ("https://h.example.org/c", "linux-64")
    url = "https://h.example.org/c/linux-64/a-1-0.conda"
    chosen = Package("conda", "a", "1", Location(""), url=url)
    slim = slimmed(Reachable({where: rows}, {"linux-64": "x"}), [chosen])
    assert {name for name, row in slim.records[where].items() if "md5" in row} == {
        "a-1-0.conda",
        "c-1-0.conda",
    }
    assert slim.asked == {"linux-64": "x"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"PK\x03\x04",
        packed([]),
        packed(None),
        packed({}),
        packed({"schema": "conda-preflight/snapshot/2", "channels": {}}),
        packed({"schema": SCHEMA, "channels": []}),
        packed({"schema": SCHEMA, "channels": {"u": []}}),
        packed({"schema": SCHEMA, "channels": {"u": {"linux-64": {"a": 1}}}}),
        packed({"schema": SCHEMA, "channels": {"u": {"linux-64": [1]}}}),
        lzma.compress(b'{"schema":'),
        lzma.compress(b"\xff\xfe\x00"),
        lzma.compress(b"[" * 200_000),
        lzma.compress(b'{"a":' * 200_000),
        write([Reachable(RECORDS)]) + b"more",
        write([Reachable(RECORDS)])[:-1],
    ],
)
def test_what_is_no_snapshot_is_refused(data):
    with pytest.raises(ReadError):
        read(data)


def test_a_small_file_that_holds_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("conda_preflight.solving.snapshot.MAX_BYTES", 1 << 20)
    with pytest.raises(ReadError, match="too big"):
        read(lzma.compress(b" " * (1 << 22)))


def test_a_cut_file_is_refused():
    data = write([Reachable(RECORDS)])
    for end in range(len(data)):
        with pytest.raises(ReadError):
            read(data[:end])


def test_a_damaged_file_is_refused():
    """Its check sum tells, whichever byte is another."""
    data = bytearray(write([Reachable(RECORDS)]))
    for place in range(0, len(data), 3):
        data[place] ^= 0xFF
        with pytest.raises(ReadError):
            read(bytes(data))
        data[place] ^= 0xFF


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with pytest.raises(ReadError):
        read(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_document_is_read_or_refused(document):
    try:
        found = read(packed({"schema": SCHEMA, "channels": document}))
    except ReadError:
        return
    assert all(isinstance(row, dict) for rows in found.records.values() for row in rows.values())
