"""One module per format, named after the file it reads.

A reader module has two names:

``recognizes(source)``
    whether the content is this format, however the file is called; cheap, never raises;
``read(source)``
    the documents in it; raises ReadError, with line and column, and nothing else.

PATTERNS holds the file names (lower-case globs) by which a reader is found; it stands
here so that a reader is imported only when a file may be its own. Readers whose pattern
fits are asked first, then the others, each in this order, and the first that recognizes a
file reads it. ``prefix`` is the exception: it reads a directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from conda_preflight.documents import Document, Source

PATTERNS: dict[str, tuple[str, ...]] = {
    "conda_list": (
        "*requirements*.txt",
        "*conda*.txt",
        "*env*.txt",
        "*package*.txt",
        "*spec*.txt",
        "*list*.txt",
        "*frozen*.txt",
        "*pinned*.txt",
    ),
    "conda_lock": (
        "*conda-lock*.yml",
        "*conda-lock*.yaml",
        "*-lock.yml",
        "*-lock.yaml",
        "*.lock.yml",
    ),
    "condarc": (
        ".condarc",
        "condarc",
        "*.condarc",
        ".mambarc",
        "*dot_condarc",
        "condarc.*",
        "condarc-*",
    ),
    "cyclonedx": ("*bom*.json", "*.cdx.json", "*cyclonedx*.json"),
    "dockerfile": ("*dockerfile*", "containerfile*"),
    "dockerignore": (".dockerignore", "*.dockerignore"),
    "environment_yml": ("*.yml", "*.yaml"),
    "explicit_list": (
        "*.lock",
        "*explicit*.txt",
        "*pinned*.txt",
        "*frozen*.txt",
        "*lock*.txt",
        "*spec*.txt",
        "*conda*.txt",
        "*env*.txt",
        "*packages*.txt",
    ),
    "host": ("*host*.json", "*target*.json", "*fact*.json", "*node*.json"),
    "kubernetes": ("*.yml", "*.yaml"),
    "kustomization": ("kustomization.yml", "kustomization.yaml"),
    "pixi_lock": ("*pixi*.lock", "magic.lock", "*-lock.yml", "*-lock.yaml", "*.lock.yml"),
    "pixi_toml": ("pixi.toml",),
    "pyproject_toml": ("pyproject.toml",),
    "requirements_txt": ("*requirements*.txt", "*constraints*.txt"),
    "script": (
        "readme*",
        "install*",
        "*.md",
        "*.sh",
        "*.bash",
        "makefile",
        "gnumakefile",
        "*.mk",
        "*.yml",
        "*.yaml",
    ),
    "spdx": ("*spdx*.json", "*bom*.json"),
}
"""The file names that discovery in a directory looks for, by reader module."""


class Reader(Protocol):
    """What each reader module offers."""

    def recognizes(self, source: Source) -> bool:
        """Whether the content is this format."""

    def read(self, source: Source) -> Iterable[Document]:
        """The documents in it; raises ReadError."""
