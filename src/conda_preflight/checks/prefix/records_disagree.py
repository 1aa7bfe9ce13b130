"""prefix/records-disagree."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import by_owner, few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import DISAGREE
from conda_preflight.report import Problem, Severity


@check("prefix/records-disagree", Severity.WARNING)
def records_disagree(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Conda's record of a module and the wheel's own list tell different digests.

    A conda package of a Python project carries the wheel's RECORD. Both were made when the package
    was built and agree about its modules. Where they do not, somebody changed a module and
    conda's record with it, or the recipe changed the module after it was installed.
    Compiled files are left out: conda's build tools mend them.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "lib/python3.11/site-packages/greet-1.0.dist-info/METADATA"},
      {"_path": "lib/python3.11/site-packages/greet.py", "path_type": "hardlink",
       "sha256": "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4"}]}}
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/RECORD
    greet.py,sha256=WJG1tSLV3whtD_CxEPvZ0hu0_HFjrzTQgoai6Eb2vgM,6
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "lib/python3.11/site-packages/greet-1.0.dist-info/METADATA"},
      {"_path": "lib/python3.11/site-packages/greet.py", "path_type": "hardlink",
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/RECORD
    greet.py,sha256=WJG1tSLV3whtD_CxEPvZ0hu0_HFjrzTQgoai6Eb2vgM,6
    ```

    ## Fix

    Compare the module with the one in the package's archive; reinstall the package.
    """
    for group in by_owner(verifications.of(prefix).of(DISAGREE)):
        owner = group[0].owner
        yield Problem(
            owner,
            f"The wheel's list in {owner} tells another digest than conda's record of "
            f"{few([each.path for each in group])}",
            place(prefix.path, group[0].path),
            f"Compare it with the archive of {owner}, and reinstall that.",
        )
