"""Which manifests a Python concerns that a Dockerfile, a CI file or a pyproject.toml asks for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from conda_preflight.documents import Dockerfile, Manifest, Script
from conda_preflight.grammar.environment_use import in_image, in_script, name_of
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.meant_path import above
from conda_preflight.grammar.python_asked import (
    PythonAsked,
    by_commands,
    by_image,
    by_project,
    by_setup,
)
from conda_preflight.grammar.written_file import Files

_CONDAS = ("conda", "mamba", "micromamba", "conda-lock", "pixi")


def pythons(
    script: Dockerfile | Script | Manifest, files: Files
) -> Iterator[tuple[PythonAsked, tuple[Manifest, ...]]]:
    """Each Python that a document asks for, with the manifests that it concerns."""
    if isinstance(script, Manifest):
        path = f"{script.path.rpartition('/')[0]}/pyproject.toml".removeprefix("/")
        asked = by_project(files.text(path), path)
        if asked and path != script.path:
            yield asked, (script,)
        return
    given = _given(script, files)
    yield from ((asked, _owners(asked, given, script.path, files)) for asked in by_commands(script))
    if isinstance(script, Dockerfile):
        installs = [found for command in script.commands if (found := install_of(command))]
        if installs and not any(install.tool in _CONDAS for install in installs):
            yield from ((asked, _only_above(script, files)) for asked in by_image(script))
    elif script.kind == "ci":
        for asked in by_setup(files.text(script.path), script.path):
            yield asked, _of_files(asked.files, script.path, files, asked.folder)


def _only_above(script: Dockerfile, files: Files) -> tuple[Manifest, ...]:
    """The project's only manifest, where it lies in the Dockerfile's folder or above."""
    return tuple(m for m in files.only_manifest if posixpath.dirname(m.path) in above(script.path))


def _given(script: Dockerfile | Script, files: Files) -> dict[str, tuple[Manifest, ...]]:
    """The manifests that go into each environment, by its name."""
    found = in_image(script) if isinstance(script, Dockerfile) else in_script(script)
    given: dict[str, dict[Manifest, None]] = {}
    for made in found.made:
        read = _of_files(made.files, script.path, files, made.folder)
        given.setdefault(made.name, {}).update(dict.fromkeys(read))
    return {name: tuple(read) for name, read in given.items()}


def _owners(
    asked: PythonAsked, given: Mapping[str, tuple[Manifest, ...]], path: str, files: Files
) -> tuple[Manifest, ...]:
    """The manifests that go into the same environment, or the one that has its name."""
    name = name_of(asked.env)
    own = _of_files(asked.files, path, files, asked.folder) or given.get(name, ())
    return own or (files.called(name) if name else ())


def _of_files(names: Iterable[str], path: str, files: Files, folder: str) -> tuple[Manifest, ...]:
    return tuple(dict.fromkeys(m for name in names for m in files.manifests(name, path, folder)))
