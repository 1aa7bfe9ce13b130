"""Cells of notebooks that install packages while they run."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Command
from conda_preflight.documents.code import Code
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.unpinned_name import TOOLS
from conda_preflight.report import Problem

_SHOWN = 3


def installs(code: Code) -> Iterator[Problem]:
    """One problem for each notebook, at its first such cell."""
    own = {normalized(name) for name in code.names}
    found: dict[str, list[tuple[str, Command]]] = {}
    for command in code.installs:
        what = _what(command, own)
        if what:
            found.setdefault(command.location.path, []).append((what, command))
    for path, group in found.items():
        names = list(dict.fromkeys(what for what, _ in group))
        shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield Problem(
            path,
            f"This notebook installs {shown}{more} into its environment while it runs",
            group[0][1].location,
            "Write it into the manifest, lock again, and take the cell out.",
        )


def _what(command: Command, own: set[str]) -> str:
    """What a command installs, empty where that is the project, a tool, or pinned by hashes."""
    step = install_of(command)
    if step is None or "--require-hashes" in step.flags:
        return ""
    words = [w for w in step.names if not w.startswith((".", "/"))]
    kept = [w for w in words if normalized(w.split("[")[0].split("=")[0]) not in own | TOOLS]
    return " ".join((*kept, *step.files))[:100]
