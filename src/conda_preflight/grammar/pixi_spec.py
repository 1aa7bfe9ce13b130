"""One entry of pixi's ``dependencies`` or ``pypi-dependencies`` as a spec or requirement.

Source: pixi's manifest reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conda_preflight.documents import Location, Requirement, Spec
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import match_spec, requirement

_NO_TEXT = "The version is no text in quotes, and pixi refuses it"


def conda_spec(name: str, value: object, location: Location) -> Spec:
    """The spec of ``name = ">=1"`` or of a table with version, build, channel or a source."""
    if isinstance(value, str):
        return _plain(name, value, location)
    if not isinstance(value, Mapping):
        return Spec(name, location, name.lower(), error=_NO_TEXT)
    for key in ("url", "git", "path"):
        if isinstance(value.get(key), str):
            text = f"{name} @ {value[key]}"
            return Spec(text, location, name.lower(), url=value[key])
    channel = _text(value, "channel")
    version, build = _text(value, "version"), _text(value, "build")
    words = f"{version or '*'} {build}" if build else version
    spec = _plain(name, words, location)
    if not channel:
        return spec
    text = f"{channel}::{spec.text}" if "://" not in channel else f"{spec.text} from {channel}"
    return replace(spec, text=text, channel=channel)


def _plain(name: str, version: str, location: Location) -> Spec:
    """A bare ``*`` asks for nothing; blanks inside a version are no part of it."""
    head, _, build = version.strip().partition(" ") if _has_build(version) else (version, "", "")
    plain = "".join(head.split())
    words = [name, *([plain] if plain and (plain != "*" or build) else []), *build.split()]
    return match_spec.parse(" ".join(words), location, grouped=True)


def _has_build(version: str) -> bool:
    """``1.2 py_0`` and ``* *cuda`` have a build; ``>=1, <2`` and ``>= 1`` only have blanks."""
    head, _, tail = version.strip().partition(" ")
    return bool(tail) and head[-1:] not in ",|<>=!~" and tail.lstrip()[:1] not in ",|<>=!~"


def pypi_requirement(name: str, value: object, location: Location) -> Requirement:
    """The requirement of ``name = ">=1"`` or of a table with version, extras or a source."""
    if isinstance(value, str):
        return requirement.parse(name + _specifier(value), location)
    if not isinstance(value, Mapping):
        error = Requirement(name, location, "invalid", normalized(name))
        return replace(error, error=_NO_TEXT)
    extras = value.get("extras")
    wanted = extras if isinstance(extras, list) else []
    words = ",".join(extra for extra in wanted if isinstance(extra, str))
    named = f"{name}[{words}]" if words else name
    if isinstance(value.get("path"), str):
        return _path(name, value, location)
    source = _source(value)
    if source:
        return requirement.parse(f"{named} @ {source}", location)
    marker = _text(value, "env-markers") or _text(value, "markers")
    text = named + _specifier(_text(value, "version"))
    return requirement.parse(f"{text}; {marker}" if marker else text, location)


def _path(name: str, value: Mapping[str, object], location: Location) -> Requirement:
    path = _text(value, "path")
    editable = value.get("editable") is True
    return Requirement(
        text=f"-e {path}" if editable else path,
        location=location,
        kind="path",
        name=normalized(name),
        url=path,
        editable=editable,
    )


def _source(value: Mapping[str, object]) -> str:
    if url := _text(value, "url"):
        return url
    git = _text(value, "git")
    revision = next((_text(value, key) for key in ("rev", "tag", "branch") if key in value), "")
    folder = _text(value, "subdirectory")
    tail = (f"@{revision}" if revision else "") + (f"#subdirectory={folder}" if folder else "")
    return f"git+{git.removeprefix('git+')}{tail}" if git else ""


def _specifier(version: str) -> str:
    """PEP 440 as written; a bare version means that version, and a star any."""
    text = version.strip()
    if text in ("", "*"):
        return ""
    return f"=={text}" if text[0].isdigit() else text


def _text(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
