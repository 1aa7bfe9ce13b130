"""Which project an environment belongs to, by the names that manifests give."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from conda_preflight.cleaning.found import Found
from conda_preflight.documents import Manifest
from conda_preflight.intake import read_file

MAX_DEPTH = 4
MAX_FOLDERS = 20_000
_ENDINGS = (".yml", ".yaml")
_NOT_PROJECTS = ("node_modules", "site-packages", "envs", "pkgs", "conda-meta")


def with_projects(some: Sequence[Found], folders: Sequence[str]) -> Iterator[Found]:
    """The same things; environments of which nothing else tells the project get it by name."""
    by_name = {} if not folders else dict(_named(folders))
    for each in some:
        about = each.environment
        file = by_name.get(about.name) if about and not about.project else None
        if about and file:
            told = replace(about, project=str(Path(file).parent), told_by=f"the name in {file}")
            yield replace(each, environment=told)
        else:
            yield each


def _named(folders: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name of an environment and the manifest that gives it; the first one counts."""
    for file in sorted((f for folder in folders for f in _manifests(folder)), reverse=True):
        for document in read_file(Path(file), file):
            if isinstance(document, Manifest) and document.name:
                yield document.name.text, file


def _manifests(top: str) -> Iterator[str]:
    depth = top.rstrip("/").count("/")
    for count, (here, folders, files) in enumerate(os.walk(top)):
        if count > MAX_FOLDERS:
            return
        is_deep = here.count("/") - depth >= MAX_DEPTH
        folders[:] = [
            f for f in folders if not (is_deep or f.startswith(".") or f in _NOT_PROJECTS)
        ]
        yield from (f"{here}/{name}" for name in files if "env" in name and name.endswith(_ENDINGS))
