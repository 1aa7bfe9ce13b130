""".dockerignore: whose it is."""

from __future__ import annotations

from conda_preflight.documents import Source
from conda_preflight.readers import dockerignore


def source(text: str, path: str = ".dockerignore") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def test_it_is_known_by_its_name():
    assert dockerignore.recognizes(source("", "docker/Dockerfile.dockerignore"))
    assert not dockerignore.recognizes(source("", "ignore.txt"))
    (layout,) = dockerignore.read(source(".git\n"))
    assert layout.kind == ".dockerignore"
