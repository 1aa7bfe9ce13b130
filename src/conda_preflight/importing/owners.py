"""Who brings a module: the files of an installed environment say it exactly, names nearly so."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from conda_preflight.documents.code import Import, Modules
from conda_preflight.facts.import_names import NAMESPACES, PROJECTS
from conda_preflight.facts.names import normalized
from conda_preflight.facts.same_names import SAME_NAMES
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_MAX_PARTS = 6
_VERSION = lazy_pattern(r"-v[0-9][a-z0-9]*$")
_RENAMED = (
    "py{}",
    "python-{}",
    "{}-python",
    "{}py",
    "py-{}",
    "{}-py",
    "{}3",
    "{}-sdk",
    "{}-client",
)


@value_type
class Ownership:
    """The projects of which any brings a module; ``known`` is false where the name is all we have.

    ``exact`` is true where files say it; then no project means that the module is not there.
    """

    projects: tuple[str, ...]
    known: bool = True
    exact: bool = False


def by_files(imported: Import, modules: Modules) -> Ownership:
    """The owners of the deepest part of a module that is a file."""
    whole = _whole(imported)
    for name in _shorter(whole):
        found = modules.owners.get(name)
        if found and (name == whole or name not in NAMESPACES):
            return Ownership(found, exact=True)
    prefix = f"{imported.module}."
    below = (owned for name, owned in modules.owners.items() if name.startswith(prefix))
    return Ownership(tuple(dict.fromkeys(p for owned in below for p in owned)), exact=True)


def by_names(imported: Import, present: Collection[str]) -> Ownership:
    """The owners by tables and rules of names.

    ``present`` are the projects that are locked or asked for: of several names that are
    possible, those which are there count.
    """
    key, known = _by_table(imported)
    space, parts = _by_namespace(imported, present)
    found = tuple(p for p in parts if p in present) or _alike(parts, space, present)
    if len(key) > len(space) or (known and not found):
        here = tuple(p for p in known if p in present)
        return Ownership(here or known)
    if parts:
        return Ownership(found if _whole(imported) == space else found[:1] or parts[-1:])
    return _by_equal_name(imported, present)


def _by_table(imported: Import) -> tuple[str, tuple[str, ...]]:
    """The longest name in the table that the module begins with, and its projects."""
    for name in _shorter(_whole(imported)):
        if name in PROJECTS:
            return name, PROJECTS[name]
    return "", ()


def _by_namespace(imported: Import, present: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """``google-cloud-storage`` for ``google.cloud.storage``, the longest of such names first.

    For the namespace alone these are all of its projects that are there.
    """
    whole = _whole(imported)
    for space, lead in NAMESPACES.items():
        if whole == space:
            return space, tuple(sorted(p for p in present if p.startswith(lead)))
        if whole.startswith(f"{space}."):
            rest = whole[len(space) + 1 :].split(".")[:_MAX_PARTS]
            ends = range(len(rest), 0, -1)
            return space, tuple(lead + normalized("-".join(rest[:end])) for end in ends)
    return "", ()


def _alike(parts: Collection[str], space: str, present: Collection[str]) -> tuple[str, ...]:
    """The same but for hyphens: ``google-cloud-resource-manager`` for ``resourcemanager_v3``."""
    lead = NAMESPACES.get(space, "")
    plain = {_VERSION.sub("", part).replace("-", "") for part in parts}
    return tuple(p for p in present if lead and p.startswith(lead) and p.replace("-", "") in plain)


def _by_equal_name(imported: Import, present: Collection[str]) -> Ownership:
    top = normalized(imported.top)
    if top in present:
        return Ownership((top,))
    longer = [normalized(n) for n in _shorter(_whole(imported))]
    for name in (*longer, *(form.format(top) for form in _RENAMED)):
        if name in present:
            return Ownership((name,), known=False)
    return Ownership((top,), known=imported.top in SAME_NAMES)


def _shorter(name: str) -> Iterator[str]:
    """A dotted name and all that it begins with, the longest first."""
    parts = name.split(".")[:_MAX_PARTS]
    for end in range(len(parts), 0, -1):
        yield ".".join(parts[:end])


def _whole(imported: Import) -> str:
    return f"{imported.module}.{imported.name}".rstrip(".")
