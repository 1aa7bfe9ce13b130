"""prefix/foreign-shebang."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import FOREIGN, Deviation
from conda_preflight.report import Problem, Severity


@check("prefix/foreign-shebang", Severity.ERROR)
def foreign_shebang(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A script of the environment is run by an interpreter that is not in it.

    Its first line names the Python of another environment or of the system: the environment was
    copied or moved, or an installer of another one wrote into it. The script then runs with other
    packages than those beside it, or not at all. `/usr/bin/env` and the system's shells
    are in order.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    ```

    ```python bin/greet 0755
    #!/opt/elsewhere/bin/python3.11
    print("hello")
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    ```

    ```sh bin/greet 0755
    #!/bin/sh
    echo hello
    ```

    ## Fix

    Make the environment at the path where it is used; one that must move is made there, or packed
    for it (`conda-pack`).
    """
    groups: dict[str, list[Deviation]] = {}
    for each in verifications.of(prefix).of(FOREIGN):
        groups.setdefault(each.detail, []).append(each)
    for interpreter, group in groups.items():
        verb = "are" if len(group) > 1 else "is"
        yield Problem(
            shown(interpreter),
            f"{few([each.path for each in group])} {verb} run by {shown(interpreter)}",
            place(prefix.path, group[0].path),
            "Make the environment at the path where it is used.",
        )
