"""prefix/altered-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import again, by_owner, place, sentences
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ALTERED
from conda_preflight.report import Problem, Severity


@check("prefix/altered-file", Severity.ERROR)
def altered_file(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A file of a package is not as it was installed.

    Its content is not the one of which the package's record holds the digest (with `--quick`: its
    size is another), or a link leads to another file. Nothing that was tested with the package
    holds for it. The path of the environment, which installers write into some files, is
    taken into account, and so is a record that tells no digest after that.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```text share/greet.txt
    HELLO
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

    Find out who changed the file, and why. What has to be changed belongs into a package of its
    own or into a file that no package owns; then reinstall the package.
    """
    for group in by_owner(verifications.of(prefix).of(ALTERED)):
        owner, many = group[0].owner, len(group) > 1
        count = f"{len(group):,} files of {owner} are" if many else f"A file of {owner} is"
        yield Problem(
            owner,
            f"{count} not as installed: {sentences(group)}",
            place(prefix.path, group[0].path),
            again(owner),
        )
