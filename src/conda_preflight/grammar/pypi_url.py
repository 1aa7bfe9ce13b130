"""What the URL of a Python distribution says: project and version."""

from __future__ import annotations

import re

from conda_preflight.grammar.conda_url import split

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz")
_SEPARATORS = re.compile(r"[-_.]+")


def normalize(name: str) -> str:
    """The name of a project as indexes compare it; source: PEP 503."""
    return _SEPARATORS.sub("-", name).lower()


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
        return (normalize(parts[0]), parts[1]) if len(parts) >= 5 else ("", "")  # noqa: PLR2004
    suffix = next((s for s in _SDISTS if name.endswith(s)), "")
    project, dash, version = name[: -len(suffix)].rpartition("-") if suffix else ("", "", "")
    return (normalize(project), version) if dash and version[:1].isdigit() else ("", "")
