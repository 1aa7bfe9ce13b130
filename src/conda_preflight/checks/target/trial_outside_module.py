"""target/trial-outside-module."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.fitting.trials import imported
from conda_preflight.report import Problem, Severity


@check("target/trial-outside-module", Severity.ERROR)
def trial_outside_module(host: Host) -> Iterator[Problem]:
    """A framework was imported from a place outside of the environment.

    Packages of the user's own site (`~/.local/lib/python3.x`) and folders in `PYTHONPATH` come
    before those of an environment, and no lock knows them. Paths of a trial are relative where
    they lie in the prefix, so that an absolute one is outside.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {
         "version": "2.1.0",
         "file": "/home/***/.local/lib/python3.11/site-packages/torch/__init__.py"}}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.1.0", "file": "lib/python3.11/site-packages/torch/__init__.py"}}
    ]}
    ```

    ## Fix

    Set `PYTHONNOUSERSITE=1` and unset `PYTHONPATH` where the environment is used, or remove
    the package there.
    """
    for name, told in imported(host):
        file = told.get("file", "")
        if file.startswith("/"):
            yield Problem(
                about=name,
                message=f"`{name}` {told.get('version', '')} was imported from {file}, which is "
                "not in the environment",
                location=host.location,
                fix="Set PYTHONNOUSERSITE=1 and unset PYTHONPATH, or remove it there.",
            )
