"""Where it will run, as a person names it: a preset, a sheet of the settings, files, or here.

``h100,driver=535.104.05,glibc=2.31`` is a GPU with facts; what nobody says stays unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from conda_preflight.documents import Document, Host, Source
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.facts.presets import names, preset
from conda_preflight.intake import read_named
from conda_preflight.opening import open_source, source_of
from conda_preflight.readers import host
from conda_preflight.setting_values import refuse_unknown

HERE = "here"
MAX_SHEETS = 100_000
_COUNT = "count"
_LIKE = "like"
_NUMBERS = ("shm_mib", "memlock_kib", "memory_mib", _COUNT)
_KEYS = (*sorted(host.KEYS - {"schema", "node", "trials"}), "memory_mib", _COUNT, _LIKE)
_SHAPE = "Write NAME,driver=535.104.05,glibc=2.31."

Sheet = dict[str, object]


def open_target(
    named: str, sheets: Mapping[str, Mapping[str, object]], places: Sequence[Path] = ()
) -> list[Document]:
    """The fact sheets of what was named, with the files that they stand in.

    ``sheets`` are those of the settings by name; a file is called by its path below the first of
    the ``places`` that holds it. Raises UsageError where nothing is called so, or where it is no
    fact sheet.
    """
    if named == HERE:
        from conda_preflight.probing.sheet import probe

        return [probe()]
    path = Path(named)
    if path.is_dir():
        return [doc for file in _files(path) for doc in _file(file, places)]
    if path.suffix in (".json", ".jsonl") or path.is_file():
        return _file(path, places)
    name, *facts = named.split(",")
    sheet = _named(name.strip(), sheets, frozenset())
    sheet = _over(sheet, dict(map(_fact, filter(None, facts))))
    return [_host({"name": named, **sheet} if not facts else {**sheet, "name": named}, named)]


def _files(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.iterdir() if file.suffix in (".json", ".jsonl"))
    if not found:
        raise UsageError(f"There is no fact sheet in {folder}", "They end in .json or .jsonl.")
    if len(found) > MAX_SHEETS:
        raise UsageError(f"{folder} holds more than {MAX_SHEETS} files")
    return found


def _file(path: Path, places: Sequence[Path]) -> list[Document]:
    if not path.is_file():
        hint = "A target is a fact sheet that ends in .json, or a name."
        raise UsageError(f"There is no file {path}", hint)
    if path.suffix == ".jsonl":
        return _lines(path, _called(path, places))
    return read_named(path, Host, _called(path, places))


def _called(path: Path, places: Sequence[Path]) -> str:
    """A path that means the same on every machine; a file that lies elsewhere has its name."""
    full = path.resolve()
    below = (full.relative_to(place) for place in places if full.is_relative_to(place))
    return next(below, Path(path.name) if path.is_absolute() else path).as_posix()


def _lines(path: Path, name: str) -> list[Document]:
    """One sheet in each line; one without a name is called by its line."""
    try:
        source = open_source(path, name)
        rows = [(n, line) for n, line in enumerate(source.lines, 1) if line.strip()]
        found = [host.read_line(line, source.path, n) for n, line in rows[:MAX_SHEETS]]
    except ReadError as error:
        place = f":{error.line}" if error.line else ""
        raise UsageError(f"{path}{place}: {error.message}", error.hint) from None
    if len(rows) > MAX_SHEETS:
        raise UsageError(f"{path} holds more than {MAX_SHEETS} sheets")
    return [source, *found]


def _named(name: str, sheets: Mapping[str, Mapping[str, object]], seen: frozenset[str]) -> Sheet:
    """The facts of a sheet of the settings, over what it is like, or those of a preset."""
    if name in sheets:
        if name in seen:
            raise UsageError(f"The target {name} is like itself")
        own = dict(sheets[name])
        refuse_unknown(own, _KEYS, f"fact of the target {name}")
        like = own.pop(_LIKE, "")
        base = _named(str(like), sheets, seen | {name}) if like else {}
        return _over(base, {"name": name, **own})
    found = preset(name)
    if found is None:
        raise UsageError(f"There is no target {name!r}", _suggestion(name, sheets))
    return dict(found)


def _suggestion(name: str, sheets: Mapping[str, Mapping[str, object]]) -> str:
    from difflib import get_close_matches

    known = [*sheets, *names()]
    near = get_close_matches(name.lower(), known, 1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Name a fact sheet, a GPU, or one of {', '.join(known[:20])}."


def _fact(text: str) -> tuple[str, object]:
    key, found, value = (part.strip() for part in text.partition("="))
    if not found or not value:
        raise UsageError(f"{text!r} is no fact of a target", _SHAPE)
    refuse_unknown({key: value}, [k for k in _KEYS if k not in (_LIKE, "gpus")], "fact of a target")
    return key, int(value) if key in _NUMBERS and value.isdecimal() else value


def _over(base: Sheet, own: Sheet) -> Sheet:
    """A sheet with other facts in it; ``count`` and ``memory_mib`` are of its GPUs."""
    count, memory = own.pop(_COUNT, None), own.pop("memory_mib", None)
    sheet = {**base, **own}
    gpus = cast("list[Sheet]", sheet.get("gpus") or [])
    if (count is None and memory is None) or not isinstance(gpus, list):
        return sheet
    if not gpus:
        raise UsageError("A number or a memory of GPUs needs a target that has GPUs", _SHAPE)
    if memory is not None:
        gpus = [{**gpu, "memory_mib": memory} for gpu in gpus]
    if count is not None:
        if not isinstance(count, int) or not 1 <= count <= host.MAX_GPUS:
            raise UsageError(f"count is a number from 1 to {host.MAX_GPUS}, not {count!r}")
        gpus = [gpus[0]] * count
    return {**sheet, "gpus": gpus}


def _host(sheet: Sheet, named: str) -> Host:
    """The document of a sheet, judged as one in a file is."""
    source: Source = source_of(json.dumps(sheet, default=str).encode(), named)
    try:
        found = next(doc for doc in host.read(source) if isinstance(doc, Host))
    except ReadError as error:
        raise UsageError(f"The target {named}: {error.message}", error.hint) from None
    return found


def hosts(
    named: tuple[str, ...],
    sheets: Mapping[str, Mapping[str, object]],
    places: Sequence[Path] = (),
) -> Iterator[Document]:
    """The documents of every target that was named; see ``open_target``."""
    for each in named:
        yield from open_target(each, sheets, places)
