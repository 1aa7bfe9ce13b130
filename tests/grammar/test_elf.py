"""ELF files: what is read of good ones, and what becomes of bad ones."""

from __future__ import annotations

import contextlib
import itertools
import struct
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conda_preflight.errors import ReadError
from conda_preflight.grammar.elf import parse
from conda_preflight.testing.elf import make_elf

WHOLE = """
soname libx.so.1
needed liby.so.1 libc.so.6
rpath $ORIGIN /opt/x
needs libc.so.6 GLIBC_2.17 GLIBC_2.28
needs liby.so.1 Y_1
weak liby.so.1 Y_2
defines X_1.0 X_2.0
build-id 00ff12
stack executable
interpreter /lib64/ld-linux-x86-64.so.2
nodefaultlib
"""
ABIS = ("x86_64", "aarch64", "i386", "ppc64le", "s390x")


def read(data: bytes):
    return parse(lambda at, count: data[at : at + count], len(data), "lib/x.so")


@pytest.mark.parametrize("abi", ABIS)
def test_everything_is_read_in_each_size_and_order(abi):
    found = read(make_elf(f"abi {abi}\n{WHOLE}"))
    assert found.abi == abi
    assert found.soname == "libx.so.1"
    assert found.needed == ("liby.so.1", "libc.so.6")
    assert found.rpath == ("$ORIGIN", "/opt/x")
    assert found.runpath == ()
    assert found.needs == {"libc.so.6": ("GLIBC_2.17", "GLIBC_2.28"), "liby.so.1": ("Y_1",)}
    assert found.defines == {"X_1.0", "X_2.0"}
    assert found.build_id == "00ff12"
    assert found.executable_stack is True
    assert found.interpreter == "/lib64/ld-linux-x86-64.so.2"
    assert found.is_program
    assert not found.searches_defaults


def test_a_runpath_makes_the_rpath_void():
    found = read(make_elf("rpath /a\nrunpath /b"))
    assert (found.rpath, found.runpath) == ((), ("/b",))


@pytest.mark.parametrize(("line", "stack"), [("", False), ("stack unsaid", None)])
def test_the_stack(line, stack):
    assert read(make_elf(line)).executable_stack is stack


def test_the_same_text_gives_the_same_bytes():
    assert make_elf(WHOLE) == make_elf(WHOLE)


@pytest.mark.parametrize("data", [b"", b"\x7f", b"#!/bin/sh\n", b"INPUT(libx.so.1)", b"\0" * 64])
def test_what_is_no_elf_is_none(data):
    assert read(data) is None


@pytest.mark.parametrize("kind", [0, 1, 4])
def test_object_files_and_cores_are_none(kind):
    data = bytearray(make_elf("soname libx.so.1"))
    data[16] = kind
    assert read(bytes(data)) is None


def test_a_file_that_is_cut_off_is_told_wherever_it_ends():
    data = make_elf(WHOLE)
    for end in range(4, len(data) - 64):
        with pytest.raises(ReadError, match="ELF file is broken"):
            read(data[:end])


@given(st.data())
def test_whatever_the_bytes_only_a_read_error_is_raised(data):
    whole = bytearray(make_elf(f"abi {data.draw(st.sampled_from(ABIS))}\n{WHOLE}"))
    places = data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=12))
    for place in places:
        whole[place] = data.draw(st.sampled_from((0, 1, 2, 0x7F, 0x80, 0xFF)))
    start = time.thread_time()
    with contextlib.suppress(ReadError):
        read(bytes(whole))
    assert time.thread_time() - start < 1


@given(st.binary(max_size=400))
@example(b"")
def test_noise_behind_the_mark_is_refused_or_read(noise):
    with contextlib.suppress(ReadError):
        read(b"\x7fELF" + noise)


def _with_tag(text: str, tag: int, value: int) -> bytes:
    """The file with another value of one entry of its dynamic section (x86-64)."""
    data = bytearray(make_elf(text))
    (table,) = struct.unpack_from("<Q", data, 32)
    (count,) = struct.unpack_from("<H", data, 56)
    segments = [struct.unpack_from("<IIQQQQQQ", data, table + 56 * at) for at in range(count)]
    dynamic = next(row for row in segments if row[0] == 2)
    for at in itertools.count(dynamic[2], 16):
        if struct.unpack_from("<Q", data, at)[0] == tag:
            struct.pack_into("<Q", data, at + 8, value)
            return bytes(data)
    raise AssertionError


@pytest.mark.parametrize("tag", [0x6FFFFFFF, 0x6FFFFFFD])
@pytest.mark.parametrize("count", [1 << 32, (1 << 64) - 1])
def test_huge_counts_of_versions_are_refused(tag, count):
    with pytest.raises(ReadError, match="more than"):
        read(_with_tag(WHOLE, tag, count))


@pytest.mark.parametrize("tag", [5, 0x6FFFFFFE, 0x6FFFFFFC])
@pytest.mark.parametrize("address", [1 << 40, (1 << 64) - 1])
def test_addresses_outside_of_the_file_are_refused(tag, address):
    with pytest.raises(ReadError, match="none of its segments"):
        read(_with_tag(WHOLE, tag, address))


def test_a_chain_that_does_not_move_on_ends():
    data = _with_tag("needs liby.so.1 Y_1 Y_2", 0x6FFFFFFF, 20_000)
    assert read(data).needs == {"liby.so.1": ("Y_1", "Y_2")}


@pytest.mark.parametrize("line", ["soname", "needs libx.so", "colour red", "soname a b"])
def test_a_description_that_means_nothing_is_refused(line):
    with pytest.raises(ValueError, match="cannot be described"):
        make_elf(line)


def test_an_unknown_machine_has_a_name():
    data = bytearray(make_elf(""))
    data[18:20] = (999).to_bytes(2, "little")
    assert "machine 999" in read(bytes(data)).abi
