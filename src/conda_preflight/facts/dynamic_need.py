"""One fact about a library that loads another one only when something is asked of it."""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class DynamicNeed:
    """One such need. Any of ``projects`` (names of PyPI or conda) meets it.

    It counts where the code imports one of ``imported``, calls one of ``calls`` (full names) or
    one of ``methods`` in a file that imports ``module``. With ``keyword`` only a call that
    passes it counts, with one of ``values`` where there are any, else with anything but None
    and False; with ``argument`` only a call whose first argument begins so. ``firm`` is false
    where the call may go without, ``system`` true where it may as well come from outside of
    conda and pip. ``since`` and ``below`` are a library with the first version that needs it
    and the first that no longer does; ``bringers`` are conda packages that bring it.
    """

    key: str
    projects: tuple[str, ...]
    why: str
    source: str
    imported: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    module: str = ""
    keyword: str = ""
    values: tuple[str, ...] = ()
    argument: str = ""
    firm: bool = True
    since: tuple[str, str] | None = None
    below: tuple[str, str] | None = None
    system: bool = False
    bringers: tuple[str, ...] = ()
