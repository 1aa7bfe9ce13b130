"""What uv resolved, in the form of PEP 751, as packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from conda_preflight.documents import Location, Package
from conda_preflight.engines.uv_platform import ranked
from conda_preflight.errors import PreflightError
from conda_preflight.facts.names import normalized
from conda_preflight.pattern import lazy_pattern
from conda_preflight.solving.pip_half import PipHalf, PipQuestion

_NOWHERE = Location("")
_PINNED = lazy_pattern(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:==| @ )")
_YANKED = lazy_pattern(r"warning: `([A-Za-z0-9._-]+)==[^`]*` is yanked")
_NO_EXTRA = lazy_pattern(
    r"warning: The package `([A-Za-z0-9._-]+)[^`]*` does not have an extra named"
    r" `([A-Za-z0-9._-]+)`"
)


class AnswerError(PreflightError):
    """The answer is not what uv promises."""


def pip_half(pylock: str, messages: str, question: PipQuestion) -> PipHalf:
    """The resolved packages by name, without what conda provides; raises AnswerError."""
    provided = {each.name for each in question.provided}
    packages = [package for package in _packages(pylock, question) if package.name not in provided]
    return PipHalf(
        packages=tuple(packages),
        sdists=tuple(p.name for p in packages if not _file(p.url).endswith(".whl")),
        yanked=tuple(sorted(normalized(name) for name in _YANKED.findall(messages))),
        lost_extras=tuple(
            sorted(
                f"{normalized(name)}[{extra}]"
                for name, extra in _NO_EXTRA.findall(messages)
                if normalized(name) in provided
            )
        ),
    )


def requires(annotated: str) -> dict[str, tuple[str, ...]]:
    """Names of what each project needs, from a requirements file with ``# via`` comments."""
    needs: dict[str, list[str]] = {}
    name = ""
    for line in annotated.splitlines():
        if pinned := _PINNED.match(line):
            name = normalized(pinned[1])
            needs.setdefault(name, [])
        elif name and line.startswith("    #"):
            by = line.strip(" #").removeprefix("via").strip()
            if by and not by.startswith("-"):
                needs.setdefault(normalized(by), []).append(name)
    return {project: tuple(sorted(names)) for project, names in needs.items()}


def _packages(pylock: str, question: PipQuestion) -> list[Package]:
    import tomllib

    try:
        packages = [_package(entry, question) for entry in tomllib.loads(pylock)["packages"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnswerError("uv's answer is no lock file of PEP 751") from error
    return sorted(packages, key=lambda package: package.name)


def _package(entry: Mapping[str, Any], question: PipQuestion) -> Package:
    """One project: the file that an installer would take, and the hashes of all that fit."""
    name, version = normalized(str(entry["name"])), str(entry.get("version", ""))
    files = {_name(file): file for file in _files(entry)}
    if not files:
        raise AnswerError(f"{name} {version} has no file that could be pinned")
    target = (question.python, question.platform, question.glibc, question.macos)
    order = ranked(files, *target)
    hashes = [f"sha256:{_sha256(files[file], name)}" for file in order]
    best = files[order[0]]
    return Package(
        manager="pypi",
        name=name,
        version=version,
        location=_NOWHERE,
        platform=question.platform,
        url=_without_login(str(best.get("url") or best.get("path"))),
        sha256=hashes[0].partition(":")[2],
        size=int(best.get("size", 0)),
        hashes=tuple(sorted(set(hashes))),
    )


def _files(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Wheels that fit, or the archive of a direct address, or the source alone."""
    single = entry.get("archive") or entry.get("sdist")
    return entry.get("wheels") or ([single] if single else [])


def _name(file: Mapping[str, Any]) -> str:
    return str(file.get("name") or _file(str(file.get("url") or file.get("path"))))


def _file(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])


def _without_login(address: str) -> str:
    """The address as it may stand in a lock; who installs from it has credentials elsewhere."""
    parts = urlsplit(address)
    return (
        parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.netloc else address
    )


def _sha256(file: Mapping[str, Any], name: str) -> str:
    digest = str(file.get("hashes", {}).get("sha256", "")).lower()
    if not digest:
        raise AnswerError(f"The index gives no sha256 for {_name(file)} of {name}")
    return digest
