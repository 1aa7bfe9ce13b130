"""prefix/foreign-abi."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import by_owner, few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ABI
from conda_preflight.report import Problem, Severity


@check("prefix/foreign-abi", Severity.ERROR)
def foreign_abi(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """An extension module was compiled for another Python than the one that is here.

    Its name says so (`x.cpython-310-x86_64-linux-gnu.so`), and Python 3.11 does not find it: the
    import fails with "No module named". Modules for every Python (`abi3`), and packages that
    bring the same module for this one too, are in order.

    ## Fails

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": [
      "lib/python3.11/site-packages/greet.cpython-310-x86_64-linux-gnu.so"]}
    ```

    ## Passes

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": [
      "lib/python3.11/site-packages/greet.cpython-311-x86_64-linux-gnu.so",
      "lib/python3.11/site-packages/voice.abi3.so"]}
    ```

    ## Fix

    Install the build of the package for this Python; a lock for one Python gives no other.
    """
    for group in by_owner(verifications.of(prefix).of(ABI)):
        owner = group[0].owner
        yield Problem(
            owner,
            f"{owner} is compiled for another Python than {group[0].detail}: "
            f"{few([each.path for each in group])}",
            place(prefix.path, group[0].path),
            f"Install the build of {owner} for this Python.",
        )
