"""What a pyproject asks of Python: ``[project]``, dependency groups and poetry's tables.

Sources: PEP 621, PEP 735 and poetry's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.documents import Name, Requirement, Spec
from conda_preflight.errors import ReadError
from conda_preflight.grammar import match_spec, requirement
from conda_preflight.grammar.pixi_spec import pypi_requirement
from conda_preflight.grammar.poetry_version import specifier
from conda_preflight.grammar.toml_tree import Path, Tree
from conda_preflight.plain import document_type

MAX_GROUPED = 50_000
"""The groups and requirements that all dependency groups bring, since groups include others."""
_POETRY = ("tool", "poetry")


@document_type
class Pyproject:
    """One pyproject.toml by its tree and its path."""

    tree: Tree
    file: str

    def name(self) -> Name | None:
        """The name of the project, None where it has none."""
        for path in (("project", "name"), (*_POETRY, "name")):
            if isinstance(text := self.tree.get(*path), str):
                return Name(text, self.tree.value_place(self.file, *path))
        return None

    def python(self) -> Spec | None:
        """The Python that the project needs, as a conda spec."""
        for path in (("project", "requires-python"), (*_POETRY, "dependencies", "python")):
            if isinstance(text := self.tree.get(*path), str):
                wanted = "".join(specifier(text).split())
                place = self.tree.place(self.file, *path)
                return match_spec.parse(f"python {wanted}".strip(), place)
        return None

    def dependencies(self) -> tuple[Requirement, ...]:
        """What the project itself needs."""
        path = (*_POETRY, "dependencies")
        return (*self._listed(("project", "dependencies")), *self._poetry(path))

    def groups(self) -> dict[str, tuple[Requirement, ...]]:
        """Extras and dependency groups by name; what has both is joined."""
        found: dict[str, tuple[Requirement, ...]] = {}
        for name in self.tree.table("project", "optional-dependencies"):
            found[name] = tuple(self._listed(("project", "optional-dependencies", name)))
        for name, brought in self._dependency_groups():
            found[name] = (*found.get(name, ()), *brought)
        for name in self.tree.table(*_POETRY, "group"):
            path = (*_POETRY, "group", name, "dependencies")
            found[name] = (*found.get(name, ()), *self._poetry(path))
        if self.tree.table(*_POETRY, "dev-dependencies"):
            old = self._poetry((*_POETRY, "dev-dependencies"))
            found["dev"] = (*found.get("dev", ()), *old)
        return found

    def _listed(self, path: Path) -> Iterator[Requirement]:
        items = self.tree.get(*path)
        for number, text in enumerate(items if isinstance(items, list) else ()):
            if isinstance(text, str):
                yield requirement.parse(text, self.tree.value_place(self.file, *path, number))

    def _dependency_groups(self) -> Iterator[tuple[str, list[Requirement]]]:
        """Each group with the requirements of all that it includes; raises ReadError."""
        names = self.tree.table("dependency-groups")
        own = {name: tuple(self._listed(("dependency-groups", name))) for name in names}
        included = {name: _included(items) for name, items in names.items()}
        left = MAX_GROUPED
        for name in names:
            members = _closure(name, included)
            brought = [one for member in members for one in own[member]]
            left -= len(members) + len(brought)
            if left < 0:
                raise ReadError(f"The groups bring more than {MAX_GROUPED} requirements")
            yield name, brought

    def _poetry(self, path: Path) -> Iterator[Requirement]:
        for name, value in self.tree.table(*path).items():
            if name != "python":
                place = self.tree.place(self.file, *path, name)
                found = value[0] if isinstance(value, list) and value else value
                yield pypi_requirement(name, _as_pep440(found), place)


def _included(items: object) -> list[str]:
    """The groups that a group names with ``include-group``, each once."""
    tables = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    names = (table.get("include-group") for table in tables)
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _closure(name: str, included: Mapping[str, list[str]]) -> list[str]:
    """A group and all that it includes, each once, also in a circle."""
    found: dict[str, None] = {}
    todo = [name]
    while todo:
        here = todo.pop()
        if here in included and here not in found:
            found[here] = None
            todo.extend(reversed(included[here]))
    return list(found)


def _as_pep440(value: object) -> object:
    if isinstance(value, str):
        return specifier(value)
    if isinstance(value, Mapping) and isinstance(value.get("version"), str):
        return {**value, "version": specifier(value["version"])}
    return value
