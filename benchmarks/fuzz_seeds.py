"""Where fuzzing begins: the texts of the readers' tests, the examples, and the formats' words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.fuzz_target import NAMES

TOP = Path(__file__).parents[1]
TESTS = {"pyproject_toml": "pixi_toml"}  # a reader whose tests stand with another's
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
    if reader == "prefix":
        return {b"\0" + _PREFIX}
    found = {text[:MAX_SEED].encode("utf-8", "replace") for text in _texts(reader)}
    return {bytes([n]) + text for text in found for n in range(len(NAMES[reader]))}


def dictionary(reader: str) -> str:
    """The words of the seeds and the keys that the reader knows, as libFuzzer's dictionary."""
    words = {w for seed in seeds(reader) for w in re.findall(r"[\w.-]{2,30}", seed.decode())}
    for value in vars(import_module(f"conda_preflight.readers.{reader}")).values():
        if isinstance(value, (tuple, frozenset)):
            words |= {word for word in value if isinstance(word, str) and word}
    return "".join(map(_entry, (*sorted(words), *_SIGNS)))


def _entry(word: str) -> str:
    escaped = "".join(f"\\x{byte:02x}" for byte in word.encode())
    return f'"{escaped}"\n'


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
