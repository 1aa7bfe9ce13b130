"""A question as the files that uv reads: requirements.in, constraints.txt and uv.toml.

Addresses of indexes go into a file, not on the command line, where everybody on the
machine could read their credentials.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from conda_preflight.documents import Requirement
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.solving.pip_half import Indexes, PipQuestion

_UNPINNABLE = ("vcs", "path")
_VARIABLE = lazy_pattern(r"\$\{([A-Z0-9_]+)\}")
_NAMED = lazy_pattern(r"([A-Za-z0-9][A-Za-z0-9_.-]*)=(\S[\s\S]*)")
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f]")


@document_type
class Asked:
    """What the lines of a question come to; projects of an option may be ``:all:``."""

    indexes: Indexes
    prereleases: bool = False
    only_binary: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)
    constraints: tuple[str, ...] = field(default=(), repr=False)
    left_out: tuple[Requirement, ...] = ()


class LineError(PreflightError):
    """A line that cannot be resolved to files with hashes."""


def read(question: PipQuestion) -> Asked:
    """What the lines and options of a question come to; raises LineError."""
    lines: list[str] = []
    left_out: list[Requirement] = []
    given: dict[str, list[str]] = {}
    for line in question.requirements:
        if line.kind == "option" and not line.error:
            given.setdefault(line.option, []).append(_expanded(line.value, question))
        elif _unpinnable(line) and question.leave_out_unpinnable:
            left_out.append(line)
        else:
            lines.append(_asked(line, question))
    return Asked(
        indexes=_indexes(given, question),
        prereleases="--pre" in given,
        only_binary=_projects(given.get("--only-binary", ())),
        no_binary=_projects(given.get("--no-binary", ())),
        lines=tuple(lines),
        constraints=tuple(_asked(c, question) for c in question.constraints if c.kind != "option"),
        left_out=tuple(left_out),
    )


def settings(asked: Asked, question: PipQuestion, *, build: bool) -> str:
    """The text of uv.toml."""
    values: dict[str, object] = {
        "index-strategy": strategy(asked.indexes),
        "no-build": not build or ":all:" in asked.only_binary,
        "no-index": asked.indexes.no_index,
        "offline": question.offline,
        "find-links": list(asked.indexes.find_links),
        "allow-insecure-host": list(asked.indexes.trusted_hosts),
        "keyring-provider": "subprocess" if asked.indexes.keyring else "disabled",
        "no-binary": ":all:" in asked.no_binary,
        "no-binary-package": [name for name in asked.no_binary if name != ":all:"],
        "no-build-package": [name for name in asked.only_binary if name != ":all:"],
    }
    if asked.prereleases:
        values["prerelease"] = "allow"
    if question.exclude_newer:
        values["exclude-newer"] = question.exclude_newer
    return toml(values, asked.indexes)


def strategy(indexes: Indexes) -> str:
    """How uv uses indexes: versions of all compete, as they do for pip.

    uv's own way is to stop at the first index that has a project. With a single index both
    come to the same, and then uv tells when that index refuses the credentials.
    """
    return "unsafe-best-match" if indexes.extra else "first-index"


def toml(values: dict[str, object], indexes: Indexes) -> str:
    """Settings and indexes as TOML; a string of JSON is one of TOML but for DEL."""
    lines = [f"{key} = {text(value)}" for key, value in values.items()]
    for address in indexes.extra:
        lines += ["[[index]]", *_index(address)]
    if indexes.default:
        lines += ["[[index]]", *_index(indexes.default), "default = true"]
    return "\n".join(lines) + "\n"


def _index(address: str) -> Iterator[str]:
    named = _NAMED.fullmatch(address)
    if named and ":" not in named[1]:
        yield f"name = {text(named[1])}"
        address = named[2]
    yield f"url = {text(address)}"


def text(value: object) -> str:
    """A value as TOML; what JSON writes is TOML too but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _unpinnable(line: Requirement) -> bool:
    return line.kind in _UNPINNABLE or line.editable


def _asked(line: Requirement, question: PipQuestion) -> str:
    """The line as uv reads it, made from its parts so that nothing else can hide in it."""
    shown = f"`{redact(line.text.strip())[:200]}`"
    if line.error:
        raise LineError(f"{shown} cannot be read: {line.error}")
    if _unpinnable(line):
        hint = "Install a release of it, or leave such lines out of the lock."
        raise LineError(f"{shown} has no file that a hash could pin", hint)
    if line.kind not in ("name", "url"):
        raise LineError(f"{shown} names another file, and what is in it was not given")
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    target = f"{line.name}{extras}{line.specifier}"
    if line.kind == "url":
        address = _expanded(line.url, question)
        target = f"{line.name}{extras} @ {address}" if line.name else address
    text = f"{target} ; {line.marker}" if line.marker else target
    if _CONTROL.search(text):
        raise LineError(f"{shown} holds control characters")
    return text


def _expanded(value: str, question: PipQuestion) -> str:
    """The value with each ``${NAME}`` replaced, as pip does; raises LineError."""
    for name in dict.fromkeys(_VARIABLE.findall(value)):
        if name not in question.variables:
            raise LineError(f"An address depends on the variable {name}, which is not set")
        value = value.replace(f"${{{name}}}", question.variables[name])
    return value


def _indexes(given: dict[str, list[str]], question: PipQuestion) -> Indexes:
    """The indexes of the option lines before those of the settings."""
    base = question.indexes
    found = [_link(value, question.folder) for value in given.get("--find-links", ())]
    default = [*given.get("--index-url", ()), *given.get("--pypi-url", ())]
    return Indexes(
        default=default[-1] if default else base.default,
        extra=_once((*given.get("--extra-index-url", ()), *base.extra)),
        find_links=_once((*found, *(_link(value, question.folder) for value in base.find_links))),
        no_index=base.no_index or "--no-index" in given,
        trusted_hosts=_once((*given.get("--trusted-host", ()), *base.trusted_hosts)),
        certificates=base.certificates,
        keyring=base.keyring,
    )


def _link(value: str, folder: str) -> str:
    """An address, or a path that no longer depends on the working directory."""
    return value if "://" in value else str(Path(folder or ".", value).expanduser().resolve())


def _projects(values: Iterable[str]) -> tuple[str, ...]:
    """The names of ``--only-binary a,b``; ``:none:`` empties what came before."""
    names: list[str] = []
    for name in (part.strip() for value in values for part in value.split(",")):
        names = [] if name == ":none:" else [*names, name]
    return _once(names)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def kept(question: PipQuestion) -> Iterator[str]:
    """The older lock's versions as a ``pylock.toml``, from which uv takes its preferences."""
    yield 'lock-version = "1.0"'
    yield 'created-by = "conda-preflight"'
    if not question.kept:
        yield "packages = []"
    for name, version in question.kept:
        yield "[[packages]]"
        yield f"name = {json.dumps(name)}"
        yield f"version = {json.dumps(version)}"
