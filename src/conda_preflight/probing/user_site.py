"""Packages in the user's own site folder, which Python finds before those of an environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.facts.core_packages import CORE
from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_FOLDER = lazy_pattern(r"python3\.\d{1,2}")
_INFO = lazy_pattern(r"([A-Za-z0-9._]{1,80}?)-[^-]{1,80}\.(?:dist|egg)-info")


def facts(machine: Machine, environment: Mapping[str, str]) -> Iterator[Fact]:
    """``user_site.python3.N``: how many projects are there, and which frameworks among them.

    Source: https://docs.python.org/3/library/site.html.
    """
    base = environment.get("PYTHONUSERBASE") or f"{environment.get('HOME', '').rstrip('/')}/.local"
    if not base.startswith("/"):
        return
    for folder in machine.names(f"{base}/lib") or ():
        if _FOLDER.fullmatch(folder):
            names = machine.names(f"{base}/lib/{folder}/site-packages") or ()
            projects = {hit[1].lower().replace("_", "-") for n in names if (hit := _INFO.match(n))}
            if projects:
                core = " ".join(sorted(projects.intersection(CORE)))
                yield f"user_site.{folder}", f"{len(projects)} {core}".strip()
