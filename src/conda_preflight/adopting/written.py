"""The manifest of what is kept, and the sentences about what was changed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.adopting.choice import Choice
from conda_preflight.adopting.found import CONDA, PIP, Found, Line
from conda_preflight.adopting.secrets import plain
from conda_preflight.grammar.channel import channel_name, is_licensed, licensed
from conda_preflight.lockfiles.yaml_text import Value, dump
from conda_preflight.plain import value_type

_PYTHON = (CONDA, "python")
_FORGE, _NO_DEFAULTS = "conda-forge", "nodefaults"


@value_type
class Adopted:
    """The text of the manifest, and what is to be told about it."""

    text: str
    told: tuple[str, ...]


def write(  # noqa: PLR0917  (each is a different thing)
    found: Found,
    choices: Sequence[Choice],
    name: str,
    platforms: Sequence[str],
    new: Sequence[Line],
    python: str = "",
) -> Adopted:
    """The environment.yml; ``new`` are lines that were not found, and that the code needs.

    ``python`` is the version that a person said, over the one that was found. Raises WriteError
    for a text that YAML cannot hold.
    """
    told: list[str] = []
    kept = [*(choice.line for choice in choices if choice.kept), *new]
    if python:
        kept = [line for line in kept if line.key != _PYTHON]
        kept.insert(0, Line(*_PYTHON, f"python={python}", python))
    kept.sort(key=lambda line: line.key != _PYTHON)
    conda = [_conda(line, told) for line in kept if line.half == CONDA]
    lines = [*found.options, *(line.text for line in kept if line.half == PIP)]
    pip = [plain(text, told) for text in lines]
    if pip and all(line.key != (CONDA, PIP) for line in kept):
        conda.insert(1 if conda and conda[0].startswith("python") else 0, _pip(found))
    dependencies: list[Value] = [*conda, *([{PIP: pip}] if pip else [])]
    body: dict[str, Value] = {
        "name": name,
        "channels": _channels(found.channels, told),
        "dependencies": dependencies,
        "platforms": list(platforms),
        **({"variables": dict(found.variables)} if found.variables else {}),
    }
    return Adopted(dump(body), tuple(dict.fromkeys(told)))


def _pip(found: Found) -> str:
    lines = [line for line in found.lines if line.key == (CONDA, PIP)]
    return lines[0].text if lines else PIP


def _conda(line: Line, told: list[str]) -> str:
    """With the channel that it is bound to, unless that is one of Anaconda's own."""
    if not line.channel:
        return line.text
    if licensed(line.channel):
        told.append(f"{line.name} was bound to {channel_name(line.channel)}, and is now to none")
        return line.text
    return f"{plain(line.channel, told)}::{line.text}"


def _channels(channels: Iterable[str], told: list[str]) -> list[str]:
    """conda-forge in the place of Anaconda's own, which are not free for all."""
    named = list(dict.fromkeys(_channel(text, told) for text in channels))
    named = [text for text in named if text != _NO_DEFAULTS]
    return [*(named or [_FORGE]), _NO_DEFAULTS]


def _channel(text: str, told: list[str]) -> str:
    if licensed(text) or is_licensed(text):
        told.append(
            f"The channel {channel_name(text)} was replaced by {_FORGE}: its packages are not "
            "free for all, and some have other names or versions there"
        )
        return _FORGE
    if text.startswith(("file:", "/", ".", "~")):
        told.append(f"The channel {text} is left out: it is a folder of one machine")
        return _FORGE
    return plain(text, told)


def table(choices: Iterable[Choice]) -> Iterator[tuple[str, str, str]]:
    """Kept or left out, the package, and why."""
    for choice in choices:
        word = "kept" if choice.kept else "left out"
        where = "" if choice.line.half == CONDA else " (pip)"
        yield word, f"{choice.line.name}{where}", choice.why
