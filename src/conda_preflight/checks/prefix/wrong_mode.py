"""prefix/wrong-mode."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import again, place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import WRONG_MODE
from conda_preflight.report import Problem, Severity


@check("prefix/wrong-mode", Severity.ERROR)
def wrong_mode(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """The rights of a file are not those of an installed file.

    A program in `bin` that nobody may start, a file that its owner may not read, or one that runs
    with the rights of another user. Installers make none of these.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    ```

    ```sh bin/greet
    #!/bin/sh
    echo hello
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```text share/greet.txt
    hello
    ```

    ## Fix

    `chmod 755` for a program, `chmod u+r` for a file that cannot be read, `chmod ug-s` for one that
    runs as another user.
    """
    for each in verifications.of(prefix).of(WRONG_MODE):
        yield Problem(
            shown(each.path),
            f"{shown(each.path)} {each.detail}",
            place(prefix.path, each.path),
            again(each.owner) if each.owner else "Set its rights with chmod, or remove it.",
        )
