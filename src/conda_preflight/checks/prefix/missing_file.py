"""prefix/missing-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import again, by_owner, few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import MISSING
from conda_preflight.report import Problem, Severity


@check("prefix/missing-file", Severity.ERROR)
def missing_file(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A file that a package brought is not there.

    The record of the package lists it. What needs it fails, often much later and with a message
    that does not name the package. Compiled Python files may be missing; they are made anew.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
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

    Reinstall the package.
    """
    for group in by_owner(verifications.of(prefix).of(MISSING)):
        owner, many = group[0].owner, len(group) > 1
        what = f"{len(group):,} files of {owner} are" if many else f"A file of {owner} is"
        yield Problem(
            owner,
            f"{what} missing: {few([each.path for each in group])}",
            place(prefix.path, group[0].path),
            again(owner),
        )
