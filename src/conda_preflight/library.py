"""An audit as one call, for programs: the same as ``conda-preflight audit``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from pathlib import Path

from conda_preflight.report import Report


def audit(
    path: str | PathLike[str] = ".",
    *,
    targets: Iterable[str] = (),
    prefixes: Iterable[str | PathLike[str]] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    network: bool = False,
    today: date | None = None,
) -> Report:
    """The report of a project directory, a file or a prefix, by the settings that hold there.

    ``targets``, ``select`` and ``ignore`` stand in the place of those of the settings where they
    are given. Nothing is written and no record is kept; without ``network`` nothing is asked of
    other machines. Waivers end by ``today``, which is the day of the machine unless it is given.
    Raises PreflightError where there is nothing to audit or the settings mean nothing.
    """
    from conda_preflight.access import engines
    from conda_preflight.audit import audit as judged
    from conda_preflight.config import settings
    from conda_preflight.project import open_project

    folder = Path(path)
    root = folder if folder.is_dir() else folder.parent
    given = {"targets": tuple(targets), "select": tuple(select), "ignore": tuple(ignore)}
    chosen = settings(root, given)
    project = open_project(folder, chosen, [Path(each) for each in prefixes])
    asked = engines(project, root, chosen, offline=not network)
    day = today or datetime.now().astimezone().date()
    return judged(project, chosen, day, engines=asked)
