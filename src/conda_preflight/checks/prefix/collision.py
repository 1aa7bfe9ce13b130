"""prefix/collision."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import COLLISION, Deviation
from conda_preflight.report import Problem, Severity


@check("prefix/collision", Severity.ERROR)
def collision(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Two packages brought the same file, and it can be one of them only.

    The one that was installed last has overwritten the other's. Which one that was can change
    with the next installation, and whoever is removed takes the file away from the other. Files
    that are the same in both packages are no trouble and not told.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```json conda-meta/salute-1.0-0.json
    {"name": "salute", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 4,
       "sha256": "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4"}]}}
    ```

    ```text share/greet.txt
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

    Keep one of the packages, or versions of both that share no file.
    """
    groups: dict[str, list[Deviation]] = {}
    for each in verifications.of(prefix).of(COLLISION):
        groups.setdefault(each.detail, []).append(each)
    for detail, group in groups.items():
        paths = few([each.path for each in group])
        subject = f"Each of {len(group):,} files" if len(group) > 1 else "A file"
        yield Problem(
            f"{group[0].owner} {shown(group[0].path)}",
            f"{subject} {detail}: {paths}",
            place(prefix.path, group[0].path),
            "Keep one of the packages, or versions of both that share no file.",
        )
