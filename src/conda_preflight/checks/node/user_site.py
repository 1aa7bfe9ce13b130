"""node/user-site."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.node import node_of
from conda_preflight.report import Problem, Severity


@check("node/user-site", Severity.WARNING)
def user_site(host: Host) -> Iterator[Problem]:
    """Packages in ~/.local come before those of every environment.

    Python looks into the user's own site folder before that of a conda environment of the same
    version, and pip counts what is there as installed. A framework there is used instead of the
    locked one; other packages are a note.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "user_site.python3.11": "12 torch transformers"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "user_site.python3.10": "3"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "user_site.python3.11": "12 torch",
      "variable.PYTHONNOUSERSITE": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cpu.count": "8"
    }}
    ```

    ## Fix

    Set PYTHONNOUSERSITE=1 where the program is started (in an environment: `conda env config vars
    set PYTHONNOUSERSITE=1`), or remove the packages.
    """
    node = node_of(host)
    if node.variable("PYTHONNOUSERSITE"):
        return
    for version, said in sorted(node.below("user_site.").items()):
        count, _, core = said.partition(" ")
        which = f", among them {core.replace(' ', ', ')}" if core else ""
        yield Problem(
            about=version,
            message=f"~/.local has {count} packages for {version}{which}, which come before "
            "those of each environment",
            location=host.location,
            fix="Set PYTHONNOUSERSITE=1, or remove them.",
            severity=None if core else Severity.NOTE,
        )
