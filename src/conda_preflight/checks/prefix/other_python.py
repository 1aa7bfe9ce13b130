"""prefix/other-python."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import Skip, check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import PYTHON
from conda_preflight.grammar import pep440
from conda_preflight.report import Problem, Severity


@check("prefix/other-python", Severity.ERROR)
def other_python(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
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
    python = next((p.version for p in prefix.packages if p.name == "python"), "")
    if not python:
        raise Skip("no Python is installed here")
    groups: dict[tuple[str, str], list[str]] = {}
    for each in verifications.of(prefix).of(PYTHON):
        groups.setdefault((each.detail, each.path), []).append(each.owner)
    for (other, site), names in groups.items():
        yield Problem(
            other,
            f"Installed for Python {other}, and this is {python}: {few(names)}",
            place(prefix.path, site),
            "Make the environment anew from its lock, with one version of Python.",
        )
    for package in prefix.packages:
        asked = package.requires_python
        if asked and pep440.versions_allow(asked, python) is False:
            yield Problem(
                package.name,
                f"{package.name} {package.version} runs on Python {asked}, and this is {python}",
                package.location,
                "Install a version of it for this Python.",
            )
