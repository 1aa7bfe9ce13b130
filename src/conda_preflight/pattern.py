"""Regular expressions that are compiled at their first use.

A short audit loads two hundred of them and uses one in four; compiling all costs more
than reading the manifest.
"""

from __future__ import annotations

import re
from typing import cast


class _Pattern:
    """Stands for ``re.compile(text, flags)`` and becomes it when it is asked for anything."""

    def __init__(self, text: str, flags: int) -> None:
        self._made_from = (text, flags)

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(*self._made_from), name)
        setattr(self, name, found)  # the next call finds the method here
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """The compiled expression, compiled when it is first used; a mistake in it shows then."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
