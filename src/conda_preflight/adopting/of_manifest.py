"""A manifest, such as a whole export, as it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.adopting.found import CONDA, PIP, Found, Line
from conda_preflight.documents import PLATFORMS, Manifest, Requirement, Spec
from conda_preflight.facts.framework_builds import FAMILIES
from conda_preflight.facts.platform_packages import systems
from conda_preflight.grammar.conda_version import is_exact
from conda_preflight.grammar.secret_value import holds_secret
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern

_FILE_BUILD = lazy_pattern(r"(?:.*_)?\d{1,9}(?:_cpython|_pypy)?")
_FRAMEWORKS = frozenset(name for names in FAMILIES.values() for name in names)
_FEW, _NEARLY_ALL = 10, 0.8
_SYSTEMS = {"linux": "linux-64", "win": "win-64", "osx": "osx-64"}
_HOMES = ("/home/", "/Users/", "/root/", "~")
_LOCAL = ("file:", "/", "./", "../", "~")


def of_manifest(manifest: Manifest) -> Found:
    """Its lines without builds of single files, and without what is of one machine."""
    told: list[str] = []
    lines = [line for spec in manifest.specs if (line := _conda(spec, told))]
    options: list[str] = []
    lines += filter(None, (pip_line(each, options, told) for each in manifest.pip))
    if manifest.prefix:
        told.append("`prefix:` is left out: it is a folder of one machine")
    python = next((line.version for line in lines if line.key == (CONDA, "python")), "")
    return Found(
        lines=tuple({(*line.key, line.selector): line for line in reversed(lines)}.values())[::-1],
        channels=tuple(channel.text for channel in manifest.channels),
        name=manifest.name.text if manifest.name else "",
        python=python,
        platforms=_platforms(manifest, lines, told),
        options=tuple(options),
        variables=dict(_variables(manifest, told)),
        asked={} if is_export(manifest) else {line.key: line.text for line in lines},
        told=tuple(told),
    )


def is_export(manifest: Manifest) -> bool:
    """Whether a program wrote all that an environment holds, and not a person what is wanted."""
    exact = sum(1 for spec in manifest.specs if spec.version and is_exact(_whole(spec)))
    return len(manifest.specs) >= _FEW and exact >= len(manifest.specs) * _NEARLY_ALL


def _whole(spec: Spec) -> str:
    """``=1.2.3`` stands for one release where a build stands behind it, or three numbers."""
    version = (spec.version or "").replace(" ", "")
    counts = bool(spec.build) or version.count(".") > 1
    return f"=={version.lstrip('=')}" if counts and version.startswith("=") else version


def _platforms(manifest: Manifest, lines: Sequence[Line], told: list[str]) -> tuple[str, ...]:
    """Those that it states, else the one that the packages of one system tell, if any does."""
    stated = [name.text for name in manifest.platforms]
    strange = (text for text in stated if text not in PLATFORMS)
    told += (f"The platform {text} is left out: conda has none of that name" for text in strange)
    if known := tuple(text for text in stated if text in PLATFORMS):
        return known
    every = [line for line in lines if line.half == CONDA and not line.selector]
    names = [line.name for line in every if systems(line.name)]
    for system, platform in _SYSTEMS.items():
        only = [name for name in names if systems(name) == (system,)]
        if only and all(system in systems(name) for name in names):
            told.append(f"{only[0]} is for {platform} alone, so that is the platform")
            return (platform,)
    return ()


def _conda(spec: Spec, told: list[str]) -> Line | None:
    if spec.error:
        told.append(f"`{redact(spec.text)}` is left out: conda cannot read it")
        return None
    if spec.url or not spec.name:
        told.append(f"`{redact(spec.text)}` is left out: it is one file at one address")
        return None
    if spec.platforms:
        told.append(f"`{redact(spec.text)}` was for some platforms only, and is now for all")
    version = (spec.version or "").replace(" ", "")
    build = spec.build or ""
    plain = version.lstrip("=") if is_exact(version) or version.startswith("=") else ""
    if build and not _FILE_BUILD.fullmatch(build):  # it chooses a variant
        text = f"{spec.name}={plain or version or '*'}={build}"
    else:
        text = f"{spec.name}={plain}" if plain else f"{spec.name}{version}"
        if plain and spec.name in _FRAMEWORKS and "cuda" in build:
            text += "=*cuda*"
    return Line(CONDA, spec.name, text, plain, spec.channel or "", spec.selector or "")


def _variables(manifest: Manifest, told: list[str]) -> Iterator[tuple[str, str]]:
    """Those of the environment, without secrets and folders of one machine."""
    for each in manifest.variables:
        name, _, value = each.text.partition("=")
        if holds_secret(name, value):
            told.append(f"The variable {name} is left out: its value is a secret")
        elif value.startswith(_HOMES):
            told.append(f"The variable {name} is left out: it is a place on one machine")
        else:
            yield name, value


def pip_line(requirement: Requirement, options: list[str], told: list[str]) -> Line | None:
    """A line of pip, None for an option (which is kept apart) and for what is of one machine."""
    text = " ".join(_lines(requirement.text))
    selector = requirement.selector or ""
    if requirement.kind in ("option", "include", "constraint"):
        options.append(text)
        return None
    if requirement.kind == "invalid":
        told.append(f"`{redact(text)}` is left out: {requirement.error or 'pip cannot read it'}")
        return None
    if requirement.kind == "path" or requirement.url.startswith(_LOCAL):
        if requirement.url.startswith(("file:", "/", "~")) and not requirement.name:
            told.append(f"`{redact(text)}` is left out: it is a place on one machine")
            return None
        if requirement.url.startswith(("file:", "/", "~")):
            told.append(
                f"`{redact(text)}` was a place on one machine, and is now any {requirement.name}"
            )
            return Line(PIP, requirement.name, requirement.name, selector=selector)
        options.append(text)
        return None
    exact = requirement.specifier.startswith("==")
    version = (
        requirement.specifier.lstrip("=") if exact and "," not in requirement.specifier else ""
    )
    return Line(PIP, requirement.name or text, text, version, selector=selector)


def _lines(text: str) -> Iterator[str]:
    """The parts of a line without the hashes and the comment, which belong in a lock."""
    for word in text.partition(" #")[0].replace("\\\n", " ").split():
        if word.startswith("--hash"):
            return
        yield word
