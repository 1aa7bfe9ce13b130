"""prefix/escaping-link."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import again, place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ESCAPE
from conda_preflight.report import Problem, Severity


@check("prefix/escaping-link", Severity.ERROR)
def escaping_link(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A link leads out of the environment.

    What it leads to belongs to the machine or to another environment: it is in no lock, may be
    another one on the next machine, and is not there in an image. A record that lists files
    outside of the environment is the same fault.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "../greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
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

    Put the file itself into the environment, by a package. A link that a tool makes on purpose
    (a package cache on another disk) is waived by its path.
    """
    for each in verifications.of(prefix).of(ESCAPE):
        yield Problem(
            shown(each.path),
            f"{shown(each.path)} {shown(each.detail)}",
            place(prefix.path, each.path),
            again(each.owner) if each.owner else "Remove the link, or install what it leads to.",
        )
