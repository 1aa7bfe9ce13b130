"""The commands that make an environment of a lock and verify it, right for the lock's kind."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from conda_preflight.answers.docs_description import Description, LockFile
from conda_preflight.writers.escaping import visible

_UNNAMED = "NAME"


def commands(description: Description) -> list[str]:
    """The lines of a shell: how to make the environment, then how to verify it."""
    return [*_build(description), *_verify(description)]


def _build(description: Description) -> Iterator[str]:
    name = _word(description.name or _UNNAMED)
    kinds = {file.kind for file in description.locks}
    tool = "micromamba" if "conda-lock" in kinds else "conda"
    lists = [file for file in description.locks if file.kind == "explicit"]
    for file in description.locks:
        if file.kind == "explicit" and len(lists) > 1:
            yield f"# on {visible(', '.join(file.platforms), 200)}:"
        if file.kind == "pixi.lock":
            yield from _pixi(description)
        else:
            yield from _install(file, name, tool)
    if not description.locks:
        yield "# There is no lock yet: this makes one."
        yield "conda-preflight lock"
    if description.has_image:
        yield "docker build ."


def _install(file: LockFile, name: str, tool: str) -> Iterator[str]:
    path = _word(file.path)
    if file.kind in ("conda-lock", "explicit"):
        yield f"{tool} create --yes --name {name} --file {path}"
    elif file.kind == "requirements":
        hashes = "--no-deps --require-hashes"
        yield f"{tool} run --name {name} python -m pip install {hashes} -r {path}"


def _pixi(description: Description) -> Iterator[str]:
    named = [each for each in description.environments if each != "default"]
    if "default" in description.environments or not named:
        yield "pixi install --locked"
    for each in named:
        yield f"pixi install --locked --environment {_word(each)}"


def _verify(description: Description) -> Iterator[str]:
    if description.locks:
        yield "conda-preflight lock --check"
    yield "conda-preflight audit"
    if description.locks:
        yield "conda-preflight rebuild"


def _word(text: str) -> str:
    return shlex.quote(visible(text, 200))
