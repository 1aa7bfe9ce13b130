"""prefix/unverifiable."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import UNLISTED, UNREADABLE
from conda_preflight.report import Problem, Severity


@check("prefix/unverifiable", Severity.ERROR)
def unverifiable(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A part of the environment could not be verified.

    The list of a project's files is cut off, broken or gone, or a folder or file cannot be read.
    Nothing can be said about it, and an audit that is silent about it would read as if all were
    well.

    ## Fails

    ```text conda-meta/history
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/RECORD
    greet.py,sha256=WJG1tSLV3whtD_CxEPvZ0hu0_HFjrzTQgoai6Eb2vgM
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/RECORD
    greet-1.0.dist-info/METADATA,,
    greet-1.0.dist-info/RECORD,,
    ```

    ## Fix

    Reinstall the project whose list is broken. Audit as the user whose environment it is, or give
    back the right to read (`chmod u+rx`).
    """
    accounts = verifications.of(prefix)
    for each in accounts.of(UNLISTED):
        if not each.path.startswith("conda-meta/"):  # these are told when they are read
            yield Problem(
                each.owner,
                f"The files of {each.owner} cannot be verified: {each.detail}",
                place(prefix.path, each.path),
                each.record,
            )
    group = list(accounts.of(UNREADABLE))
    if group:
        yield Problem(
            "files",
            f"Not verified: {few([f'{each.path} ({each.detail})' for each in group])}",
            place(prefix.path, group[0].path),
            "Audit as the user whose environment it is, or give back the right to read.",
        )
