"""prefix/injected-code."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.orphans import runs_unasked
from conda_preflight.accounting.telling import place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ORPHAN
from conda_preflight.report import Problem, Severity


@check("prefix/injected-code", Severity.ERROR)
def injected_code(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Code that no package brought runs without anybody asking for it.

    Python runs `sitecustomize`, `usercustomize` and the lines of `.pth` files whenever it starts, a
    shell the scripts in `etc/conda/activate.d` whenever the environment is activated (variables in
    `env_vars.d` are set then), and a `python311.zip` in `lib` comes before Python's own modules.
    Such a file is in no lock and in no image that is made from it.

    ## Fails

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0", "files": [
      "lib/python3.11/site-packages/README.txt"]}
    ```

    ```text lib/python3.11/site-packages/README.txt
    Packages are installed here.
    ```

    ```text lib/python3.11/site-packages/start.pth
    import os; os.environ["SEED"] = "1"
    ```

    ## Passes

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0", "files": [
      "lib/python3.11/site-packages/README.txt"]}
    ```

    ```text lib/python3.11/site-packages/README.txt
    Packages are installed here.
    ```

    ## Fix

    Remove it. What must run at each start belongs into a package, and this into manifest and lock.
    """
    accounts = verifications.of(prefix)
    for each in accounts.of(ORPHAN):
        when = runs_unasked(each.path, accounts.site_packages)
        if when:
            yield Problem(
                each.path,
                f"{shown(each.path)} belongs to no package and runs {when}",
                place(prefix.path, each.path),
                "Find out who put it there and remove it, or bring it by a package.",
            )
