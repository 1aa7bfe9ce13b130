"""prefix/other-python."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.inventories import Inventories
from conda_preflight.accounting.telling import few, place
from conda_preflight.check import Skip, check
from conda_preflight.documents import Prefix
from conda_preflight.grammar import pep440
from conda_preflight.report import Problem, Severity


@check("prefix/other-python", Severity.ERROR)
def other_python(prefix: Prefix, inventories: Inventories) -> Iterator[Problem]:
    """Packages are installed for another Python than the one that is here.

    They lie in the `site-packages` of another version, where this Python does not look: left over
    from an update, or installed by another interpreter. Or a project says that it does not
    run on this version.

    ## Fails

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```text lib/python3.9/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    Requires-Python: <3.10
    ```

    ## Passes

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```text lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    Requires-Python: >=3.10
    ```

    ## Fix

    Make the environment anew from its lock, with one version of Python.
    """
    inventory = inventories.of(prefix)
    if not inventory.python:
        raise Skip("no Python is installed here")
    version = ".".join(inventory.python.split(".")[:2])
    for site in inventory.site_packages:
        folder = site.split("/")[1] if site.startswith("lib/") else ""
        other = folder.removeprefix("python").rstrip("t")
        if folder.startswith("python3") and other != version:
            lead = f"{site}/"
            names = [
                owner.package.name
                for owner in inventory.owners
                if any(file.path.startswith(lead) for file in owner.files)
                or owner.record.startswith(lead)
            ]
            if names:
                yield Problem(
                    other,
                    f"Installed for Python {other}, and this is {version}: {few(names)}",
                    place(prefix.path, site),
                    "Make the environment anew from its lock, with one version of Python.",
                )
    for package in prefix.packages:
        asked = package.requires_python
        if asked and pep440.versions_allow(asked, inventory.python) is False:
            yield Problem(
                package.name,
                f"{package.name} {package.version} runs on Python {asked}, and this is "
                f"{inventory.python}",
                package.location,
                "Install a version of it for this Python.",
            )
