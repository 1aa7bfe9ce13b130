"""prefix/wrong-record."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Package, Prefix
from conda_preflight.report import Problem, Severity


@check("prefix/wrong-record", Severity.ERROR)
def wrong_record(prefix: Prefix) -> Iterator[Problem]:
    """A record of conda is of another package than its name says, or there are two of one.

    `conda-meta` holds one file for each installed package, named after its name, version and
    build. Tools read one or the other and disagree about what is installed: the record was edited
    or copied, or an installation was stopped half way. Two `.dist-info` folders of one project
    are the same fault.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "2.0", "build": "0"}
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0"}
    ```

    ```json conda-meta/greet-2.0-0.json
    {"name": "greet", "version": "2.0", "build": "0"}
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0"}
    ```

    ## Fix

    Make the environment anew from its lock. Where two records are left of an installation that was
    stopped, `conda install --force-reinstall NAME` removes the old one.
    """
    seen: dict[tuple[str, str], Package] = {}
    for package in prefix.packages:
        site = package.location.path.rpartition("/site-packages/")[0]
        key = (site, package.name)  # of conda's records there is one folder, and no site
        if key in seen:
            yield _twice(seen[key], package)
        seen.setdefault(key, package)
        if package.manager != "conda":
            continue
        stem = package.location.path.rpartition("/")[2].removesuffix(".json")
        says = f"{package.name}-{package.version}-{package.build}"
        if package.build and stem.lower() != says.lower():
            message = f"The record {stem}.json is of {says}"
            yield Problem(package.name, message, package.location, _AGAIN)


_AGAIN = "Make the environment anew from its lock."


def _twice(first: Package, second: Package) -> Problem:
    versions = [f"{each.version} {each.build}".strip() for each in (first, second)]
    message = f"There are two records of {first.name}: {' and '.join(versions)}"
    return Problem(first.name, message, Location(second.location.path), _AGAIN)
