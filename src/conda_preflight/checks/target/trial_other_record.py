"""target/trial-other-record."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.fitting.trials import differ, imported
from conda_preflight.report import Problem, Severity


@check("target/trial-other-record", Severity.ERROR)
def trial_other_record(host: Host) -> Iterator[Problem]:
    """A framework says another version than the records of its environment.

    Its files were overwritten by another release, or its records stayed behind when it was removed:
    conda and pip each installed it, or an update was interrupted. Solvers, `pip check` and every
    list of packages believe the records, and what runs is something else.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.1.2+cu121", "recorded": "2.4.0"}}
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
       "facts": {"version": "2.4.0+cu121", "recorded": "2.4.0"}}
    ]}
    ```

    ## Fix

    Make the environment anew from its lock, with the framework from conda or from pip and not both.
    """
    for name, told in imported(host):
        version, recorded = told.get("version", ""), told.get("recorded", "")
        if differ(recorded, version, exact=False):
            yield Problem(
                about=name,
                message=f"`{name}` says that it is {version}, and its record says {recorded}",
                location=host.location,
                fix="Make the environment anew from its lock.",
            )
