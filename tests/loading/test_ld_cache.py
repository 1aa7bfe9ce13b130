"""ld.so.cache: made ones, broken ones, and the one of this machine."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar.ld_cache import Cached, parse


def cache(rows, levels=(), order="<"):
    """A cache of (name, path, level) as ldconfig writes it."""
    start = 48 + 24 * len(rows)
    texts, offsets = bytearray(), {}

    def text(word):
        if word not in offsets:
            offsets[word] = start + len(texts)
            texts.extend(word.encode() + b"\0")
        return offsets[word]

    entries = b""
    for name, path, level in rows:
        hardware = (1 << 62) + levels.index(level) if level else 0
        entries += struct.pack(order + "iIIIQ", 3, text(name), text(path), 0, hardware)
    names = b"".join(struct.pack(order + "I", text(level)) for level in levels)
    at = start + len(texts)
    head = struct.pack(
        order + "20sIIB3xI12x",
        b"glibc-ld.so.cache1.1",
        len(rows),
        len(texts),
        2 if order == "<" else 3,
        at if levels else 0,
    )
    extension = struct.pack(order + "IIIIII", 0xEAA42174, 1, 1, 0, at + 24, len(names))
    return head + entries + bytes(texts) + (extension + names if levels else b"")


ROWS = (
    ("liba.so.1", "/usr/lib/glibc-hwcaps/x86-64-v3/liba.so.1", "x86-64-v3"),
    ("liba.so.1", "/usr/lib/liba.so.1", ""),
)


def test_libraries_and_their_levels():
    assert parse(cache(ROWS, ("x86-64-v2", "x86-64-v3"))) == tuple(Cached(*row) for row in ROWS)


def test_one_behind_the_form_of_old_days():
    assert parse(b"ld.so-1.7.0\0" + b"\0" * 20 + cache(ROWS[1:])) == (Cached(*ROWS[1]),)


@given(st.binary(max_size=300))
def test_noise_is_no_cache(noise):
    assert parse(noise) == () or b"glibc-ld.so.cache" in noise
    parse(cache(ROWS, ("x86-64-v3",))[:48] + noise)


@given(st.data())
def test_a_broken_cache_is_empty_or_read(data):
    whole = bytearray(cache(ROWS, ("x86-64-v3",)))
    for place in data.draw(st.lists(st.integers(20, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    parse(bytes(whole))


def test_the_cache_of_this_machine():
    ldconfig = shutil.which("ldconfig", path="/usr/sbin:/sbin")
    file = Path("/etc/ld.so.cache")
    if not ldconfig or not file.is_file():
        pytest.skip("this machine has no ld.so.cache")
    told = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=True).stdout
    paths = [line.rpartition(" => ")[2] for line in told.splitlines() if " => " in line]
    assert [entry.path for entry in parse(file.read_bytes())] == paths


def test_a_text_without_an_end_or_longer_than_a_path_is_none():
    whole = cache(ROWS[1:])
    assert parse(whole[:-1]) == ()
    assert parse(cache([("a", "/" + "a" * 5000, "")])) == ()
