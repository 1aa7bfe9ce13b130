"""prefix/violated-constraint."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.grammar.consistency import violated_constraints
from conda_preflight.report import Problem, Severity


@check("prefix/violated-constraint", Severity.ERROR)
def violated_constraint(prefix: Prefix) -> Iterator[Problem]:
    """Two packages are installed together, and one of them says that this does not work.

    `constrains` in a package's record excludes versions of packages that it does not need itself. A
    solver keeps to that; pip, `--force` and `--no-deps` do not.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "constrains": ["voice <2"]}
    ```

    ```json conda-meta/voice-2.1-0.json
    {"name": "voice", "version": "2.1", "build": "0"}
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "constrains": ["voice <2", "choir >=3"]}
    ```

    ```json conda-meta/voice-1.0-0.json
    {"name": "voice", "version": "1.0", "build": "0"}
    ```

    ## Fix

    Lock again, and make the environment anew; a solver finds versions that go together.
    """
    for each in violated_constraints(prefix):
        yield Problem(
            f"{each.package.name} {each.needed}",
            f"{each.package.name} {each.package.version} goes with `{each.asked}` only, and "
            f"{each.found} is installed",
            each.package.location,
            "Lock again, and make the environment anew.",
        )
