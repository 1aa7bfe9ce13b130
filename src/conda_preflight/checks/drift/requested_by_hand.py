"""drift/requested-by-hand."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Prefix, Project
from conda_preflight.drift import manifests, reached
from conda_preflight.report import Problem, Severity


@check("drift/requested-by-hand", Severity.WARNING)
def requested_by_hand(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package was asked for by hand, and the manifest does not name it.

    Conda remembers what people asked for in `conda-meta`. A package that was asked for there and is
    not in the manifest, although something else brings it today, will go when that no longer
    needs it. An environment that was made from a list of all its packages tells nothing.

    ## Fails

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - curl
    ```

    ```json prefix/conda-meta/curl-8.1-0.json
    {"name": "curl",
    "version": "8.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge",
    "depends": ["zlib"]}
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```text prefix/conda-meta/history
    # update specs: ['curl']
    # update specs: ['zlib']
    ```


    ## Passes

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - curl
    ```

    ```json prefix/conda-meta/curl-8.1-0.json
    {"name": "curl",
    "version": "8.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge",
    "depends": ["zlib"]}
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```text prefix/conda-meta/history
    # update specs: ['curl']
    ```


    ## Fix

    Name it in the manifest and lock again.
    """
    declared = manifests(prefix, project)
    conda = {p.name: p for p in prefix.packages if p.manager == "conda"}
    pip = {p.name for p in prefix.packages if p.manager == "pypi"}
    asked = {n: spec for n, spec in prefix.requested.items() if n in conda and n not in pip}
    if len(conda) == len(asked) > _FEW:
        raise Skip("the environment was made from a list of all its packages")
    known = _names(declared)
    undeclared = {p.name for p in conda.values()} - {p.name for p in reached(declared, prefix)}
    for name, spec in asked.items():
        if name not in known and name not in undeclared:
            yield Problem(
                name,
                f"`{spec}` was asked for by hand, and the manifest does not name it",
                conda[name].location,
                f"Add `{name}` to the manifest, and lock again.",
            )


_FEW = 10


def _names(declared: tuple[Manifest, ...]) -> set[str]:
    return {spec.name for manifest in declared for spec in manifest.specs}
