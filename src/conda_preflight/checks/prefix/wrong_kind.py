"""prefix/wrong-kind."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import again, place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import WRONG_KIND
from conda_preflight.report import Problem, Severity


@check("prefix/wrong-kind", Severity.ERROR)
def wrong_kind(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Where a package brought a file there is something else.

    A link, a folder, a named pipe, a socket or a device stands in its place; or such a pipe, socket
    or device lies in the environment and is nobody's. A program that reads a pipe waits for ever.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```text share/greet.txt/hello.txt
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

    Remove it, and reinstall the package.
    """
    for each in verifications.of(prefix).of(WRONG_KIND):
        yield Problem(
            shown(each.path),
            f"{shown(each.path)} {each.detail}",
            place(prefix.path, each.path),
            again(each.owner) if each.owner else "Remove it.",
        )
