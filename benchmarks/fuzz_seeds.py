"""Where fuzzing begins: the texts of the readers' tests, the examples, and the formats' words."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.fuzz_readers import NAMES

TOP = Path(__file__).parents[1]
READERS = TOP / "src" / "conda_preflight" / "readers"
TESTS = {"pyproject_toml": "pixi_toml", "dockerignore": "kustomization"}
"""Readers whose tests stand with another's."""
MAX_SEED = 4000
_HEX = "a" * 64
_PREFIX = b"""\
{"name": "a", "version": "1", "build": "py_0", "build_number": 0, "subdir": "noarch",
"url": "https://conda.example.org/main/noarch/a-1-py_0.conda", "depends": ["b >=1"],
"requested_specs": ["a=1"], "size": 9, "license": "MIT", "purls": ["pkg:pypi/a"],
  "files": [
    "lib/python3.11/site-packages/b-1.dist-info/METADATA"
  ]
}
%%
Metadata-Version: 2.1
Name: a_B
Version: 1.0
License-Expression: MIT
%%
{"url": "https://git.example.org/a", "dir_info": {"editable": true},
"vcs_info": {"vcs": "git", "commit_id": "abc"}}
%%
==> 2026-01-01 <==
# update specs: ['a=1', "b[build='x']"]
# remove specs: b, c
%%
a/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0
"../../../bin/a",,
a-1.dist-info/RECORD,,
%%
pip
"""
_ELF = (
    """soname liba.so.1
    needed libb.so.1
    runpath $ORIGIN:/b
    needs libc.so.6 GLIBC_2.17 A
    defines A_1.0 B_2.0
    build-id 0123456789abcdef""",
    "interpreter /lib64/ld-linux-x86-64.so.2\nrpath /a\nstack executable",
    "abi s390x\nneeded a\nweak b B_1",
    "abi i386\nprogram\nnodefaultlib",
)
_NOTEBOOK = b"""\
{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": [
{"cell_type": "code", "source": ["%pip install a\\n", "import b as c\\n", "c.d('x')"]},
{"cell_type": "code", "source": "!conda install b\\nimport e\\n"}, {"cell_type": "markdown"}]}
"""
_SIGNS = (
    *("\n", "\n  ", "\n- ", ": ", ", ", "- ", "==", ">=", "~=", "!=", "=*", "[", "]", "{", "}"),
    *("&a ", "*a", "<<: ", "---\n", "|\n", "!!", "#", " #", "@", "::", "://", "&&", "||", ";"),
    *("$(", "${", "`", "<<EOF", "\\\n", "\0", "\r", "\ufeff", "\x85", "\u2028", "\xa0", "\u0130"),
    *("\xb2", "\u0663", "0x", "^", ".*"),
    *("\\ud800", "\\u", "1e999", "1_0", "NaN", "'", '"', "'''", '"' * 3, "[[", "]]", "\n%%\n"),
    *("--hash=sha256:", "-r ", "-e ", "# [linux]", " " * 64, "\t" * 64),
)


def seeds(reader: str) -> set[bytes]:
    """Inputs: each text of the reader's tests and each example, under each name of the format."""
    if reader in _OTHERS:
        names = range(len(NAMES[reader]))
        return {bytes([n]) + data for data in _OTHERS[reader]() for n in names}
    found = {text[:MAX_SEED].encode("utf-8", "replace") for text in _texts(reader)}
    return {bytes([n]) + text for text in found for n in range(len(NAMES[reader]))}


def dictionary(reader: str) -> str:
    """The words of the seeds and the keys that the reader knows, as libFuzzer's dictionary."""
    words = {
        w for seed in seeds(reader) for w in re.findall(r"[\w.-]{2,30}", seed.decode("latin-1"))
    }
    folder = "readers" if (READERS / f"{reader}.py").exists() else "grammar"
    for value in vars(import_module(f"conda_preflight.{folder}.{reader}")).values():
        if isinstance(value, (tuple, frozenset)):
            words |= {word for word in value if isinstance(word, str) and word}
    return "".join(map(_entry, (*sorted(words), *_SIGNS)))


def _entry(word: str) -> str:
    escaped = "".join(f"\\x{byte:02x}" for byte in word.encode())
    return f'"{escaped}"\n'


def _elf_files() -> Iterator[bytes]:
    from conda_preflight.testing.elf import make_elf

    return map(make_elf, _ELF)


def _ld_caches() -> Iterator[bytes]:
    """One with a library for every machine and one of a level."""
    for order, flag in (("<", 2), (">", 3)):
        names = b"liba.so.1\0/lib/liba.so.1\0x86-64-v3\0"
        at = 48 + 2 * 24
        head = (b"glibc-ld.so.cache1.1", 2, len(names), flag, at + len(names))
        rows = (3, at, at + 10, 0, 0), (3, at, at + 10, 0, 1 << 62)
        end = (0xEAA42174, 1, 1, 0, at + len(names) + 24, 4, at + 25)
        yield b"".join(
            (
                struct.pack(order + "20sIIB3xI12x", *head),
                *(struct.pack(order + "iIIIQ", *row) for row in rows),
                names,
                struct.pack(order + "7I", *end),
            )
        )


def _python_files() -> Iterator[bytes]:
    """The short modules of this program, and a notebook."""
    yield _NOTEBOOK
    for file in sorted(READERS.parent.rglob("*.py")):
        if file.stat().st_size < MAX_SEED:
            yield file.read_bytes()


_OTHERS = {
    "prefix": lambda: iter((_PREFIX,)),
    "elf": _elf_files,
    "ld_cache": _ld_caches,
    "python_file": _python_files,
}


def _texts(reader: str) -> Iterator[str]:
    test = TOP / "tests" / "readers" / f"test_{TESTS.get(reader, reader)}.py"
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else _HEX for p in node.values)
            yield "".join(map(str, parts))
    for file in sorted((TOP / "examples").rglob("*")):
        if file.is_file():
            yield file.read_text(encoding="utf-8")
