"""lock/digest-changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Lock, Project
from conda_preflight.grammar.lock_file import packages_of_file
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels


@check("lock/digest-changed", Severity.ERROR)
def digest_changed(lock: Lock, project: Project, channels: Channels) -> Iterator[Problem]:
    """A channel has another file than the one that was locked, under the same name.

    A file of a channel never changes. Where its digest is another one, somebody replaced the
    file, or tampered with the channel or the lock. An installer that checks digests refuses it;
    one that does not check installs what nobody looked at.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.4-py311_0.conda#sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311_0 sha256=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.4-py311_0.conda#sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    https://conda.example.org/main/linux-64/scipy-1.11.0-0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311_0 sha256=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    scipy 1.11.0
    ```

    ## Fix

    Find out who replaced the file before anything is installed. Where that was meant, lock again.
    """
    for standing in channels.standings(packages_of_file(lock, project)):
        locked, record = standing.package, standing.record
        if record is None:
            continue
        kind = "sha256" if locked.sha256 and record.sha256 else "md5"
        old, new = getattr(locked, kind), getattr(record, kind)
        if old and new and old.lower() != new.lower():
            yield Problem(
                locked.name,
                f"The {kind} of {locked.name} {locked.version} ({locked.build}) is {new[:12]}... "
                f"in its channel now, and {old[:12]}... was locked",
                locked.location,
                "Find out who replaced the file before anything is installed.",
            )
