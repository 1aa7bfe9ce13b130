"""Which lock is rebuilt: of a project or by its file, for one platform and environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from conda_preflight.config import Settings
from conda_preflight.documents import Package
from conda_preflight.errors import UsageError
from conda_preflight.installation import Installation
from conda_preflight.intake import read_file
from conda_preflight.plain import document_type
from conda_preflight.project import open_project
from conda_preflight.selection import Choice, Subject, select
from conda_preflight.subject import open_subject

_MACHINES = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "aarch64"): "linux-aarch64",
    ("linux", "ppc64le"): "linux-ppc64le",
    ("linux", "s390x"): "linux-s390x",
    ("linux", "riscv64"): "linux-riscv64",
    ("darwin", "x86_64"): "osx-64",
    ("darwin", "arm64"): "osx-arm64",
}


@document_type
class Chosen:
    """The packages of a lock for one platform; ``folder`` is what its paths start from.

    ``requested`` are specs by the name of a conda package, ``declared`` the names whose
    import shows that it works: what was asked for, or what nothing else needs.
    """

    name: str
    folder: Path
    platform: str
    environment: str
    packages: tuple[Package, ...]
    requested: Mapping[str, str]
    declared: tuple[tuple[str, str], ...]


def choose(path: Path, settings: Settings, platform: str, environment: str) -> Chosen:
    """The one installation that is meant; raises UsageError where there is none or several."""
    here = platform or this_platform()
    subject = _subject(path, settings)
    if not subject.installations:
        hint = "Make one: `conda-preflight lock`. Or name it: --lock FILE."
        raise UsageError(f"There is no lock in {subject.name}", hint)
    fitting = [one for one in subject.installations if one.subdir in (here, "")]
    if not fitting:
        known = ", ".join(dict.fromkeys(one.subdir for one in subject.installations))
        raise UsageError(f"{subject.lock} holds nothing for {here}", f"It is for: {known}.")
    one = _of_environment(fitting, environment)
    asked = [ask for ask in one.asked if ask.name]
    return Chosen(
        name=subject.lock,
        folder=_folder(path, settings),
        platform=here,
        environment=one.place.environment,
        packages=one.packages,
        requested={ask.name: ask.text for ask in asked if ask.manager == "conda"},
        declared=tuple((a.manager, a.name) for a in asked) or _roots(one),
    )


def this_platform() -> str:
    """The conda subdir of this machine; raises UsageError where there is no name for it."""
    found = _MACHINES.get((sys.platform, os.uname().machine)) if hasattr(os, "uname") else None
    if found is None:
        raise UsageError("A rebuild runs on Linux and macOS only", "Name another: --platform.")
    return found


def _subject(path: Path, settings: Settings) -> Subject:
    """A file is taken with what lies beside it: its manifest, and its pip half."""
    lock, manifest = settings.lock, settings.manifest
    if not path.exists():
        raise UsageError(f"There is no {path}", "Name a project directory or a lock.")
    if path.is_dir():
        return open_subject(str(path), Choice(lock=lock, manifest=manifest))
    parent = path.parent
    documents = list(open_project(parent, Settings(exclude=("*/*",))).documents)
    if not any(doc.path == path.name for doc in documents):
        documents += read_file(path, path.name)  # its name alone would not tell what it is
    choice = Choice(lock=str(path), manifest=manifest)
    return select(path.name, documents, choice, parent, where="")


def _folder(path: Path, settings: Settings) -> Path:
    named = Path(settings.lock) if settings.lock else path
    return (named if named.is_dir() else named.parent).resolve()


def _of_environment(fitting: list[Installation], environment: str) -> Installation:
    names = [one.place.environment for one in fitting]
    wanted = environment or ("default" if len(fitting) > 1 else names[0])
    found = [one for one in fitting if one.place.environment == wanted]
    if len(found) == 1:
        return found[0]
    known = ", ".join(dict.fromkeys(filter(None, names))) or "one without a name"
    if not found:
        raise UsageError(f"The lock has no environment {wanted}", f"It has: {known}.")
    raise UsageError("Several platforms of the lock fit", "Name one: --platform NAME.")


def _roots(one: Installation) -> tuple[tuple[str, str], ...]:
    """What no other package needs, as far as the lock tells."""
    needed = {text.split(" ", 1)[0].lower() for p in one.packages for text in p.depends}
    return tuple((p.manager, p.name) for p in one.packages if p.name not in needed)
