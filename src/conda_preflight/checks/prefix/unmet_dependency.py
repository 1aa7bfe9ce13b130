"""prefix/unmet-dependency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.accounting.telling import few
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.grammar.consistency import Unmet, unmet
from conda_preflight.report import Problem, Severity


@check("prefix/unmet-dependency", Severity.ERROR)
def unmet_dependency(prefix: Prefix) -> Iterator[Problem]:
    """A package needs another one that is not installed, or not in that version.

    `pip check` looks at Python's projects and conda at its own packages; here both count together.
    A conda package that needs numpy below 2 breaks when pip puts numpy 2 over conda's, and
    neither manager says so. What is needed for an extra, and what the machine provides
    (`__glibc`), does not count.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "depends": ["voice >=2"]}
    ```

    ```json conda-meta/voice-1.0-0.json
    {"name": "voice", "version": "1.0", "build": "0"}
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "depends": ["voice >=2", "__glibc >=2.17"]}
    ```

    ```json conda-meta/voice-2.1-0.json
    {"name": "voice", "version": "2.1", "build": "0"}
    ```

    ## Fix

    Lock again with what is needed, and make the environment anew.
    """
    groups: dict[tuple[str, str], list[Unmet]] = {}
    for each in unmet(prefix):
        groups.setdefault((each.needed, each.found), []).append(each)
    for group in groups.values():
        yield _problem(group)


def _problem(group: Sequence[Unmet]) -> Problem:
    first = group[0]
    verb = "needs" if len(group) == 1 else "need"
    names = few([each.package.name for each in group])
    there = f"{first.found} is there" if first.found else "it is not installed"
    asked = f"`{first.asked}`" if len(group) == 1 else f"`{first.needed}` (`{first.asked}`)"
    return Problem(
        first.needed,
        f"{names} {verb} {asked}, and {there}",
        first.package.location,
        "Lock again with what is needed, and make the environment anew.",
    )
