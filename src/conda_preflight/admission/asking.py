"""The questions that a cluster would ask about the objects in YAML files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conda_preflight.admission.review import Question
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import read_bytes


def objects(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Each object in the files, those of a List one by one; raises UsageError."""
    for file in files:
        try:
            data = read_bytes(file)
        except ReadError as error:
            raise UsageError(f"{file}: {error.message}", error.hint) from None
        for found in _documents(file, data):
            yield from _each(file, found)


def question(thing: Mapping[str, Any]) -> Question:
    """What an API server asks when the object is made."""
    about = thing.get("metadata")
    namespace = about.get("namespace") if isinstance(about, dict) else None
    return Question("here", "CREATE", str(namespace or "default"), thing)


def _documents(file: Path, data: bytes) -> list[object]:
    import yaml

    from conda_preflight.grammar.yaml_tree import load

    text = data.decode("utf-8", "replace")
    try:
        load(text)  # bounds depth, aliases and size
        return list(yaml.safe_load_all(text))
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UsageError(f"{file} is no YAML") from None


def _each(file: Path, found: object) -> Iterator[dict[str, Any]]:
    if found is None:
        return
    if not isinstance(found, dict) or not isinstance(found.get("kind"), str):
        raise UsageError(f"{file} holds something that is no object of a cluster")
    if found["kind"].endswith("List") and isinstance(found.get("items"), list):
        for item in found["items"]:
            yield from _each(file, item)
        return
    yield found
