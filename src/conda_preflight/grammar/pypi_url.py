"""What the URL of a Python distribution says: project and version."""

from __future__ import annotations

from conda_preflight.facts.names import normalized
from conda_preflight.grammar.conda_url import split

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz")


def parse(url: str) -> tuple[str, str]:
    """The normalized project and the version in a wheel's or sdist's name, else two empty texts.

    Source: the packaging user guide's specifications of binary and source distribution names.
    """
    name = split(url)[1]
    if "%" in name:
        from urllib.parse import unquote

        name = unquote(name)
    if name.endswith(".whl"):
        parts = name.split("-")
        return (normalized(parts[0]), parts[1]) if len(parts) >= 5 else ("", "")  # noqa: PLR2004
    suffix = next((s for s in _SDISTS if name.endswith(s)), "")
    project, dash, version = name[: -len(suffix)].rpartition("-") if suffix else ("", "", "")
    return (normalized(project), version) if dash and version[:1].isdigit() else ("", "")
