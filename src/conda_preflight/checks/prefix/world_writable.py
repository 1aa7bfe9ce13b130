"""prefix/world-writable."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import WRITABLE
from conda_preflight.report import Problem, Severity


@check("prefix/world-writable", Severity.ERROR)
def world_writable(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Everybody on the machine can change what the environment runs.

    A file or a folder may be written by every user. What was verified a moment ago can be another
    file when it is imported, by nobody's mistake and without a trace.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["share/greet.txt"]}
    ```

    ```text share/greet.txt 0666
    hello
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

    `chmod -R o-w` on the environment.
    """
    group = list(verifications.of(prefix).of(WRITABLE))
    if group:
        many = f"{len(group):,} files and folders" if len(group) > 1 else "One file or folder"
        yield Problem(
            "files",
            f"{many} can be changed by everybody: {few([each.path for each in group])}",
            place(prefix.path, group[0].path),
            f"chmod -R o-w {prefix.path}",
        )
