""".dockerignore: whose it is, and what of a folder it leaves out."""

from __future__ import annotations

import pytest

from conda_preflight.documents import Source
from conda_preflight.grammar.dockerignore import leaves_out
from conda_preflight.readers import dockerignore


def source(text: str, path: str = ".dockerignore") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def test_it_is_known_by_its_name():
    assert dockerignore.recognizes(source("", "docker/Dockerfile.dockerignore"))
    assert not dockerignore.recognizes(source("", "ignore.txt"))
    (layout,) = dockerignore.read(source(".git\n"))
    assert layout.kind == ".dockerignore"


@pytest.mark.parametrize(
    ("text", "folder", "expected"),
    [
        (".git\n", ".git", True),
        ("/.git/\n", ".git", True),
        ("# .git\n", ".git", False),
        (".git*\n", ".git", True),
        (".gitignore\n", ".git", False),
        ("**/.git\n", ".git", True),
        (".*\n", ".venv", True),
        ("*\n!src\n", ".pixi", True),
        ("*\n!.pixi\n", ".pixi", False),
        ("**\n", ".pixi", True),
        ("./.venv\n", ".venv", True),
        (".git/**\n", ".git", True),
        ("[.]git\n", ".git", True),
        ("env?\n", "envs", True),
        ("a**b**c**d**e*" * 50 + "\n", "a" * 60, False),
        ("\\.git\n[\n", ".git", True),
    ],
)
def test_what_is_left_out(text, folder, expected):
    assert leaves_out(source(text), folder) is expected
