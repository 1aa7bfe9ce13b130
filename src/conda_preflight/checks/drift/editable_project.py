"""drift/editable-project."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Manifest, Prefix, Project, Requirements
from conda_preflight.grammar.package_text import named
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity


@check("drift/editable-project", Severity.ERROR)
def editable_project(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A project is installed as a link to a working folder.

    `pip install -e` makes Python import a folder of sources, whatever is in it at the moment. It is
    not the code of any release and not there on another machine. A lock or a manifest that asks for
    it so gets it so.

    ## Fails

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ```json prefix/lib/python3.11/site-packages/greet-1.0.dist-info/direct_url.json
    {"url": "file:///home/me/greet", "dir_info": {"editable": true}}
    ```


    ## Passes

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```


    ## Fix

    Install a release, or build a wheel of the folder and lock that.
    """
    asked = {p.name for lock in project.of(Lock) for p in lock.packages if p.editable}
    files: list[Manifest | Requirements] = [*project.of(Manifest), *project.of(Requirements)]
    lines = [r for file in files for r in file.pip]
    asked |= {r.name for r in lines if r.name and r.editable}
    unnamed = any(r.editable and not r.name for r in lines)
    for package in prefix.packages:
        if package.editable and package.name not in asked and not unnamed:
            yield Problem(
                package.name,
                f"{named(package)} is a link to {redact(package.url)}",
                package.location,
                f"Install a release of {package.name}, or a wheel built from that folder.",
            )
