"""The code of a project and the modules of its environment, read when a check asks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from conda_preflight.errors import Skip

if TYPE_CHECKING:
    from conda_preflight.documents.code import Code, Modules


class Sources:
    """Reads the code and the modules at the first question, and once."""

    def __init__(
        self, read_code: Callable[[], Code], read_modules: Callable[[], Modules | None]
    ) -> None:
        self._read_code, self._read_modules = read_code, read_modules

    @cached_property
    def code(self) -> Code:
        """All Python files of the project; raises Skip where there is none."""
        found = self._all
        if not found.read and not found.unread:
            raise Skip("there is no Python file here")
        return found

    @cached_property
    def modules(self) -> Modules | None:
        """Who owns which module in the installed environment, None where none is audited."""
        return self._read_modules()

    @cached_property
    def _all(self) -> Code:
        return self._read_code()
