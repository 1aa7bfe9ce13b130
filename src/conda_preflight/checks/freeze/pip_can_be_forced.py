"""freeze/pip-can-be-forced."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Prefix
from conda_preflight.freezing.freezes import Freezes
from conda_preflight.report import Problem, Severity


@check("freeze/pip-can-be-forced", Severity.NOTE)
def pip_can_be_forced(prefix: Prefix, freezes: Freezes) -> Iterator[Problem]:
    """An option is enough for pip to change an environment that is marked as managed.

    `EXTERNALLY-MANAGED` says nothing against `pip install --target`, `--prefix` and
    `--break-system-packages`, which people copy from answers on the web. With
    `require-virtualenv = true` in the `pip.conf` of the environment pip refuses these too. Only
    told of environments that are marked: of others `freeze/pip-can-change` tells.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["lib/python3.11/os.py"]}
    ```

    ```ini lib/python3.11/EXTERNALLY-MANAGED
    [externally-managed]
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["lib/python3.11/os.py"]}
    ```

    ```ini lib/python3.11/EXTERNALLY-MANAGED
    [externally-managed]
    ```

    ```ini pip.conf
    [global]
    require-virtualenv = true
    [install]
    require-virtualenv = false
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["lib/python3.11/os.py"]}
    ```

    ```ini lib/python3.11/EXTERNALLY-MANAGED
    [externally-managed]
    ```

    ```ini pip.conf
    [global]
    require-virtualenv = true
    ```

    ## Fix

    `conda-preflight freeze PREFIX` writes both.
    """
    freeze = freezes.of(prefix)
    if not freeze.libraries:
        raise Skip("the environment has no Python")
    if freeze.unmanaged:
        raise Skip("the environment is not marked as managed")
    if not freeze.holds_pip:
        yield Problem(
            "pip.conf",
            "pip can still be told to change the environment, by --target, --prefix or "
            "--break-system-packages: no pip.conf in it says require-virtualenv",
            Location(prefix.path),
            f"conda-preflight freeze {prefix.path}",
        )
