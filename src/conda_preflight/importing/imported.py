"""The imports of a project that are not its own nor Python's, by what they need."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

from conda_preflight.documents import Project
from conda_preflight.documents.code import Code, Import
from conda_preflight.errors import Skip
from conda_preflight.facts import stdlib_modules
from conda_preflight.facts.not_imported import HOSTED, HOSTS
from conda_preflight.importing.environment import Environment
from conda_preflight.importing.environments import Environments
from conda_preflight.importing.local_modules import LocalModules
from conda_preflight.importing.owners import Ownership, by_files, by_names
from conda_preflight.importing.role import is_template
from conda_preflight.importing.sources import Sources
from conda_preflight.plain import document_type


@document_type
class Foreign:
    """An import of something that must be installed: who brings it, and where the file runs.

    ``perhaps_local`` is true where the project has something of that name elsewhere.
    """

    imported: Import
    environment: Environment
    ownership: Ownership
    perhaps_local: bool

    @property
    def is_asked(self) -> bool:
        """Whether the manifest asks for a package that brings it."""
        return not self.environment.asked.isdisjoint(self.ownership.projects)

    @property
    def is_elsewhere(self) -> bool:
        """Whether another file of the project asks for it."""
        return not self.environment.elsewhere.isdisjoint(self.ownership.projects)

    @property
    def package(self) -> str:
        """The name of a locked or installed package that brings it, empty where none does."""
        locked = self.environment.locked or {}
        return next((n for n in self.ownership.projects if n in locked), "")


@lru_cache(maxsize=2)
def imported_by(project: Project, sources: Sources) -> Imported:
    """What the code of a project imports, the same for all checks; raises Skip without code."""
    return Imported(project, sources)


class Imported:
    """What the code of a project imports, resolved once for all checks."""

    def __init__(self, project: Project, sources: Sources) -> None:
        self.code: Code = sources.code
        self._modules = sources.modules
        self.environments = Environments(project, self.code, installed=self._modules is not None)
        self._local = LocalModules(self.code.files, self.code.names)
        self._known: dict[tuple[str, str, int], Ownership] = {}

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """The imports that something installed must meet, in files with a declared environment.

        Raises Skip where no file has one.
        """
        return tuple(self._foreign())

    def _foreign(self) -> Iterator[Foreign]:
        judged = False
        for each in self.code.imports:
            path = each.location.path
            environment = self.environments.of(path)
            if environment is None or is_template(path):
                continue
            judged = True
            if self._is_foreign(each):
                ownership = self.owner(each, environment)
                perhaps = self._local.perhaps(each.top)
                if ownership.known or not perhaps:
                    yield Foreign(each, environment, ownership, perhaps)
        if not judged:
            raise Skip("no environment is declared for the code here")

    def run(self) -> Iterator[tuple[Import, Environment]]:
        """The imports that must succeed, with the environment of their file."""
        for each in self.code.imports:
            environment = self.environments.of(each.location.path)
            if (
                environment
                and each.how in ("always", "lazy")
                and not is_template(each.location.path)
            ):
                yield each, environment

    def is_local(self, each: Import) -> bool:
        """Whether the project itself has the module, or may have it."""
        return self._local.surely(each) or self._local.perhaps(each.top)

    def owner(self, each: Import, environment: Environment) -> Ownership:
        """Who brings the module of an import."""
        key = (each.module, each.name, id(environment))
        if key not in self._known:
            self._known[key] = self._owner(each, environment)
        return self._known[key]

    def _owner(self, each: Import, environment: Environment) -> Ownership:
        if self._modules is not None:
            found = by_files(each, self._modules)
            if found.projects or not self._modules.unknown:
                named = by_names(each, environment.present)
                return (
                    found if found.projects else Ownership(named.projects, named.known, exact=True)
                )
        return by_names(each, environment.present)

    def _is_foreign(self, each: Import) -> bool:
        top = each.top
        if top in stdlib_modules.EVER or top in HOSTS or (top[:1] == "_" and top != "_pytest"):
            return False
        if each.how == "never" or f"{each.module}.{each.name}".startswith(HOSTED):
            return False
        return not self._local.surely(each)
