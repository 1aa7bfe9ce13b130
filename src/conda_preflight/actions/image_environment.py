"""The layers of an environment: installed as the lock says, frozen, cut, packed, remembered."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from conda_preflight import __version__
from conda_preflight.actions import rebuild
from conda_preflight.actions.building import Recipe, Told, build
from conda_preflight.actions.chosen_lock import Chosen
from conda_preflight.documents import Location, Lock, Package
from conda_preflight.freezing.marks import of_image
from conda_preflight.imaging.activation import activation
from conda_preflight.imaging.layers import Cut
from conda_preflight.imaging.ownership import key, owners
from conda_preflight.imaging.plan import Plan, plan
from conda_preflight.installation import Ask, Installation, Place
from conda_preflight.lockfiles import explicit_list, requirements_txt
from conda_preflight.oci.cache_limits import touch
from conda_preflight.oci.descriptor import Descriptor, canonical
from conda_preflight.oci.entries import FILE, Entry, below, of_text, whole
from conda_preflight.oci.layer import Layer, Packer
from conda_preflight.plain import document_type
from conda_preflight.readers import inventory
from conda_preflight.rebuilding import installer_traces, workplace

_FORM = 2
"""Counts the ways in which layers were made: another one is made anew."""

_LONG = 90
"""Beyond this many characters, or with a space, uv gives scripts another first line."""

_CERTIFICATES = "ssl/cacert.pem"
_HISTORY = b"==> 1970-01-01 00:00:00 <==\n# cmd: conda-preflight image build\n"
_DROPPED = frozenset(("CACHEDIR.TAG", "conda-meta/history"))
_SCRIPTS = ("etc/conda/activate.d/", "etc/conda/env_vars.d/", "conda-meta/state")
MAX_SCRIPT = 1 << 20


@document_type
class Environment:
    """The layers of an environment, from the bottom up, and what an image must know of it.

    ``env`` are variables that an activation would set, ``scripts`` what of it is not in them.
    """

    layers: tuple[Layer, ...]
    cut: Cut
    env: Mapping[str, str]
    scripts: tuple[str, ...]
    unfinished: tuple[str, ...] = ()


def lock_digest(chosen: Chosen) -> str:
    """The SHA-256 of what the lock says for one platform, whatever format it has."""
    packages, platform = chosen.packages, chosen.platform
    lock = Lock(chosen.name, "explicit", "1", Location(chosen.name), (platform,), packages)
    texts = [*explicit_list.write(lock).values(), *requirements_txt.write(lock).values()]
    return hashlib.sha256("".join(texts).encode()).hexdigest()


@document_type
class Task:
    """What to make: a lock at a place, how, and where layers are cut (None to choose)."""

    chosen: Chosen
    prefix: str
    wanted: rebuild.Wanted
    packer: Packer
    limits: Cut | None = None


def environment(task: Task, told: Told) -> Environment:
    """The layers of a lock, from the cache where they were made before; raises PreflightError."""
    blobs = task.packer.blobs
    file = blobs.folder / "environments" / f"{_key(task)}.json"
    if not task.packer.fresh and (found := _remembered(file, task.packer)):
        touch(file)
        return found
    made = _made(task, told)
    blobs.write(file, canonical(_row(made)))
    return made


def _key(task: Task) -> str:
    """All that decides what the layers are."""
    from importlib.metadata import version

    names = ("py-rattler", "uv", "zlib-ng", "zstandard")
    tools = [__version__, *(version(name) for name in names)]
    rows = sorted(
        [p.manager, p.name, p.version, p.build, p.url, p.sha256, p.md5, *p.hashes, *p.depends]
        for p in task.chosen.packages
    )
    options = [task.prefix, task.packer.compression, task.wanted.link_scripts]
    cut = [task.limits.limit, task.limits.parts] if task.limits else None
    requested = dict(task.chosen.requested)
    whole_key = [_FORM, tools, task.chosen.platform, rows, options, requested, cut]
    return hashlib.sha256(canonical(whole_key)).hexdigest()


def _made(task: Task, told: Told) -> Environment:
    parent = task.packer.blobs.folder
    if len(str(parent)) > _LONG or " " in str(parent):
        parent = Path(tempfile.gettempdir())
    with workplace.opened(parent, "run-") as place:
        recipe = rebuild.gather(task.chosen, task.wanted, place, told)
        staged = place / "prefix"
        build(recipe, staged, Path(task.prefix), place / "scratch", told)
        installer_traces.remove(staged)
        return _of_prefix(task, recipe, staged, told)


def _of_prefix(task: Task, recipe: Recipe, staged: Path, told: Told) -> Environment:
    """The layers of an environment that is installed."""
    where = task.prefix.strip("/")
    found = {e.path.removeprefix(f"{where}/"): e for e in below(staged, where)}
    entries = {path: e for path, e in found.items() if path not in _DROPPED}
    layout = plan(_installation(task.chosen), _sizes(task.chosen, recipe), task.limits)
    parts = _parts(layout, staged, entries)
    parts[-1][1].extend(_marks(recipe, where))
    layers = _packed(parts, task.packer, told)
    active = activation(_texts(entries), task.prefix)
    env = dict(active.env)
    if _CERTIFICATES in entries:
        env.setdefault("SSL_CERT_FILE", f"{task.prefix}/{_CERTIFICATES}")
    scripted = tuple(sorted(c.archive.package.name for c in recipe.packages if c.scripts))
    unfinished = () if task.wanted.link_scripts else scripted
    return Environment(layers, layout.limits, env, active.scripts, unfinished)


def _installation(chosen: Chosen) -> Installation:
    asked = tuple(Ask("conda", name, spec, "") for name, spec in chosen.requested.items())
    place = Place(chosen.environment, chosen.platform)
    return Installation(place, chosen.packages, chosen.platform, asked)


def _sizes(chosen: Chosen, recipe: Recipe) -> dict[Package, int]:
    """Sizes of the archives, for packages whose lock does not tell."""
    archives = [contents.archive for contents in recipe.packages] + list(recipe.pip.archives)
    known = {key(archive.package): archive.file.stat().st_size for archive in archives}
    return {package: known.get(key(package), 0) for package in chosen.packages}


def _parts(
    layout: Plan, staged: Path, entries: Mapping[str, Entry]
) -> list[tuple[str, list[Entry]]]:
    """What goes into each layer, with its title; files of nobody are in the last one."""
    numbers = {key(p): n for n, layer in enumerate(layout.layers) for p in layer.packages}
    owned = owners(inventory.read(staged, "environment"), entries)
    parts: list[list[Entry]] = [[] for _ in (*layout.layers, None)]
    for path, entry in entries.items():
        owner = owned.get(path)
        parts[numbers.get(owner, -1) if owner else -1].append(entry)
    titles = [layer.title for layer in layout.layers]
    return list(zip([*titles, "environment"], parts, strict=True))


def _marks(recipe: Recipe, where: str) -> Iterator[Entry]:
    """Its history, and what tells conda, pip and uv to leave the environment as it is."""
    yield of_text(f"{where}/conda-meta/history", _HISTORY)
    libraries = [recipe.site.rpartition("/")[0]] if recipe.python else []
    for path, data in of_image(libraries).items():
        yield of_text(f"{where}/{path}", data)


def _packed(
    parts: Sequence[tuple[str, list[Entry]]], packer: Packer, told: Told
) -> tuple[Layer, ...]:
    """The layers, several at a time, in their order."""
    filled = [(title, whole(entries)) for title, entries in parts if entries]
    made = []
    with ThreadPoolExecutor(packer.jobs) as pool:
        jobs = [pool.submit(packer.pack, title, entries) for title, entries in filled]
        for number, job in enumerate(jobs):
            told("Packing layers", number, len(jobs))
            made.append(job.result())
    return tuple(made)


def _texts(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The files that say what an activation does."""
    return {
        path: Path(entry.source).read_text("utf-8", "replace")
        for path, entry in entries.items()
        if path.startswith(_SCRIPTS)
        and path.endswith((".sh", ".json", "/state"))
        and entry.kind == FILE
        and entry.size <= MAX_SCRIPT
    }


def _row(made: Environment) -> dict[str, object]:
    return {
        "layers": [[x.title, x.blob.row, x.diff_id] for x in made.layers],
        "cut": [made.cut.limit, made.cut.parts],
        "env": dict(made.env),
        "scripts": made.scripts,
        "unfinished": made.unfinished,
    }


def _remembered(file: Path, packer: Packer) -> Environment | None:
    """What was made before, where all of it is still here."""
    try:
        found = _told(json.loads(file.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if all(packer.blobs.has(layer.blob) for layer in found.layers) else None


def _told(row: dict[str, Any]) -> Environment:
    layers = tuple(
        Layer(title, Descriptor(blob["mediaType"], blob["digest"], blob["size"]), diff_id)
        for title, blob, diff_id in row["layers"]
    )
    cut = Cut(row["cut"][0], tuple((tier, number) for tier, number in row["cut"][1]))
    return Environment(layers, cut, row["env"], tuple(row["scripts"]), tuple(row["unfinished"]))
