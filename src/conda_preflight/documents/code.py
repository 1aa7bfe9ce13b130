"""What the project's own Python code asks for, and which modules an installed environment has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.commands import Command
from conda_preflight.documents.manifest import Requirement
from conda_preflight.documents.place import Location
from conda_preflight.documents.source import Unreadable
from conda_preflight.plain import document_type, value_type


@value_type
class Import:
    """One absolute import of a module: ``google.cloud`` with ``name`` "storage", or "" for all.

    ``how`` it is reached: "always" when the file is run; "lazy" inside a function; "optional"
    where the code goes on without it (``except ImportError``, a condition, ``importorskip``);
    "typing" under TYPE_CHECKING and "never" under ``if False``. ``cell`` counts the code cells
    of a notebook from 1, 0 elsewhere.
    """

    module: str
    location: Location
    name: str = ""
    how: str = "always"
    cell: int = 0

    @property
    def top(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]


@value_type
class Use:
    """A use of a library that loads another one by itself; ``need`` is a key of that fact."""

    need: str
    text: str
    location: Location
    how: str = "always"
    cell: int = 0


@document_type
class Code:
    """All Python files and notebooks of a project, parsed and never run.

    ``files`` are the paths of everything that Python could import, ``read`` counts the files
    that were looked at and ``unread`` are those, or cells of them, that could not be parsed;
    ``installs`` are the install commands of notebooks. ``names`` are what the project calls
    itself, ``requirements`` what its packaging files ask for, ``optional`` what their extras and
    groups do, and ``open_ended`` the packaging files of which that is not known.
    """

    path: str
    location: Location
    imports: tuple[Import, ...] = ()
    uses: tuple[Use, ...] = ()
    files: tuple[str, ...] = ()
    read: int = 0
    unread: tuple[Unreadable, ...] = ()
    installs: tuple[Command, ...] = ()
    names: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    optional: tuple[Requirement, ...] = ()
    open_ended: tuple[str, ...] = ()


@document_type
class Modules:
    """The Python modules of an installed environment and who owns them, by dotted name.

    An owner is the name of a PyPI project where a ``.dist-info`` folder tells it, else that
    of the conda package. ``packages`` are the modules that are regular packages, so that all
    their parts are files; ``unknown`` is true where some projects lie elsewhere (editable,
    ``.pth``), so that a missing module may still be found.
    """

    path: str
    location: Location
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    unknown: bool = False
