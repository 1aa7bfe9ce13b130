"""Writes the Dockerfile of a lock, with the lists and the program that it copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as replaced
from pathlib import Path

from conda_preflight.actions.chosen_lock import Chosen
from conda_preflight.dependency_graph import graph
from conda_preflight.documents import Location, Lock
from conda_preflight.errors import UsageError
from conda_preflight.facts.framework_builds import FAMILIES, conda_flavour
from conda_preflight.facts.names import normalized
from conda_preflight.facts.tasks import Task
from conda_preflight.freezing.marks import of_image
from conda_preflight.imaging import split_layers
from conda_preflight.imaging.dockerfile import (
    FOLDER,
    LOCK,
    REQUIREMENTS,
    SPLIT,
    TABLE,
    Recipe,
    write,
)
from conda_preflight.imaging.tiers import TIERS, tiers
from conda_preflight.installation import Installation, Place
from conda_preflight.lockfiles import explicit_list, requirements_txt
from conda_preflight.lockfiles.writing import write_files
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_IMAGE = lazy_pattern(r"[\w./:-]{1,300}(?:@sha256:[0-9a-f]{64})?")
_PREFIX = lazy_pattern(r"/[\w.-]{1,100}(?:/[\w.-]{1,100}){0,8}")
_FRAMEWORKS = frozenset(name for names in FAMILIES.values() for name in names)


@value_type
class Wishes:
    """What a person says about an image; ``words`` are the command, empty for the task's."""

    task: Task
    base: str
    builder: str
    prefix: str
    user: str
    words: tuple[str, ...] = ()


def write_dockerfile(
    chosen: Chosen, wishes: Wishes, folder: Path, *, replace: bool
) -> Iterator[str]:
    """Write it and say what is left to do; raises UsageError where one stands there already."""
    _refuse(wishes)
    file = folder / "Dockerfile"
    if file.exists() and not replace:
        raise UsageError(f"{file} is there already", "Replace it: --force.")
    texts = _texts(chosen, wishes)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    changed = write_files({folder / name: text for name, text in texts.items()}, folder)
    yield f"written: {', '.join(sorted(str(each) for each in changed)) or 'nothing, all is so'}"
    yield from _left(chosen, wishes)


def _refuse(wishes: Wishes) -> None:
    for name in (wishes.base, wishes.builder):
        if not _IMAGE.fullmatch(name):
            raise UsageError(f"{name!r} is no name of an image", "Write NAME:TAG@sha256:...")
    if not _PREFIX.fullmatch(wishes.prefix) or ".." in wishes.prefix:
        raise UsageError(f"{wishes.prefix!r} is no folder of an image", "Such as /opt/env.")


def _texts(chosen: Chosen, wishes: Wishes) -> dict[str, str]:
    """Every file by its name below the folder."""
    platform = chosen.platform
    packages = tuple(replaced(p, platform=platform) for p in chosen.packages)
    lock = Lock(chosen.name, "explicit", "1", Location(chosen.name), (platform,), packages)
    explicit = next(iter(explicit_list.write(lock).values()))
    pip = next(iter(requirements_txt.write(lock).values()), "")
    installation = Installation(Place("", platform), packages, platform)
    tier_of = tiers(graph(installation))
    task = replaced(wishes.task, command=wishes.words or wishes.task.command)
    order = [tier for tier in TIERS if tier in tier_of.values() or tier == TIERS[-1]]
    recipe = Recipe(
        task=task,
        lock=chosen.name,
        digest=hashlib.sha256((explicit + pip).encode()).hexdigest(),
        platform=platform,
        has_pip=bool(pip),
        init=any(p.name == "tini" for p in packages),
        gpu=any(_is_for_gpu(p.name, p.build) for p in packages),
        certificates=any(p.name == "ca-certificates" for p in packages),
        tiers=tuple(order),
        builder=wishes.builder,
        base=wishes.base,
        prefix=wishes.prefix,
        user=wishes.user,
    )
    names = {f"{p.manager} {normalized(p.name)}": t for p, t in tier_of.items()}
    names |= {f"conda {p.name}": t for p, t in tier_of.items() if p.manager == "conda"}
    found = {
        "Dockerfile": write(recipe),
        f"{FOLDER}/{LOCK}": explicit,
        f"{FOLDER}/{SPLIT}": Path(split_layers.__file__).read_text(encoding="utf-8"),
        f"{FOLDER}/{TABLE}": _table(order, names),
    }
    return {**found, f"{FOLDER}/{REQUIREMENTS}": pip} if pip else found


def _table(order: Sequence[str], tiers: Mapping[str, str]) -> str:
    """What the program is told: tiers in order, of which package, and the marks of a freeze."""
    library = split_layers.LIBRARY.rstrip("/")
    marks = {path: data.decode() for path, data in of_image([library]).items()}
    whole = {"marks": marks, "order": order, "tiers": tiers}
    return json.dumps(whole, indent=1, sort_keys=True)


def _is_for_gpu(name: str, build: str) -> bool:
    return name.startswith(("nvidia-", "cuda-", "cudatoolkit")) or (
        name in _FRAMEWORKS and conda_flavour(name, build.lower()) == "gpu"
    )


def _left(chosen: Chosen, wishes: Wishes) -> Iterator[str]:
    """What a person has to see to."""
    for name in (wishes.builder, wishes.base):
        if "@" not in name:
            yield f"{name} has no digest: find it with `docker buildx imagetools inspect {name}`"
    need = wishes.task.packages
    if need and all(package.name not in need for package in chosen.packages):
        yield f"the task {wishes.task.name} starts {need[0]}, which is not in the lock"
