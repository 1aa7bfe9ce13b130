"""drift/undeclared-package."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project
from conda_preflight.drift import moved, reached, without_lock
from conda_preflight.grammar.package_text import named
from conda_preflight.report import Problem, Severity


@check("drift/undeclared-package", Severity.ERROR)
def undeclared_package(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package is installed that is not in the lock.

    Somebody installed it by hand. It works here and is not there on the next machine, in the image
    or after the next update, and no audit of the lock ever looks at it. Without a lock, what no
    line of the manifest needs, directly or through others, is undeclared.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```json prefix/conda-meta/xz-5.6.3-0.json
    {"name": "xz",
    "version": "5.6.3",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - zlib
    ```

    ```json prefix/conda-meta/xz-5.6.3-0.json
    {"name": "xz",
    "version": "5.6.3",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```


    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```


    ## Fix

    Name it in the manifest and lock again, or remove it from the environment.
    """
    if project.of(Lock):
        found = [each.installed for each in moved(prefix, project, "added")]
        what = "is in no lock"
    else:
        known = reached(without_lock(prefix, project), prefix)
        replacing = {id(each.project) for each in prefix.replaced}
        found = [p for p in prefix.packages if p not in known and id(p) not in replacing]
        what = "nothing that the manifest asks for needs it"
    for package in found:
        if package:
            yield Problem(
                package.name,
                f"{named(package)} is installed in {prefix.path}, and {what}",
                package.location,
                "Name it in the manifest and lock again, or remove it.",
            )
