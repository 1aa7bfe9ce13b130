"""prefix/foreign-abi."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.inventories import Inventories
from conda_preflight.accounting.telling import few, place
from conda_preflight.check import Skip, check
from conda_preflight.documents import Prefix
from conda_preflight.grammar.extension_tag import is_for, stem
from conda_preflight.report import Problem, Severity


@check("prefix/foreign-abi", Severity.ERROR)
def foreign_abi(prefix: Prefix, inventories: Inventories) -> Iterator[Problem]:
    """An extension module was compiled for another Python than the one that is here.

    Its name says so (`x.cpython-310-x86_64-linux-gnu.so`), and Python 3.11 does not find it: the
    import fails with "No module named". Modules for every Python (`abi3`), and packages that
    bring the same module for this one too, are in order.

    ## Fails

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": [
      "lib/python3.11/site-packages/greet.cpython-310-x86_64-linux-gnu.so"]}
    ```

    ## Passes

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0"}
    ```

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": [
      "lib/python3.11/site-packages/greet.cpython-311-x86_64-linux-gnu.so",
      "lib/python3.11/site-packages/voice.abi3.so"]}
    ```

    ## Fix

    Install the build of the package for this Python; a lock for one Python gives no other.
    """
    inventory = inventories.of(prefix)
    if not inventory.python:
        raise Skip("no Python is installed here")
    builds = {p.build for p in prefix.packages if p.manager == "conda" and p.name == "python"}
    threads = "t" if any(build.endswith("t") for build in builds) else ""
    for owner in inventory.owners:
        if owner.replaced_by:
            continue
        paths = [f.path for f in owner.files if f.path.startswith("lib/python")]
        judged = [(path, is_for(path, inventory.python, threads)) for path in paths]
        here = {stem(path) for path, fits in judged if fits}
        wrong = [path for path, fits in judged if fits is False and stem(path) not in here]
        if wrong:
            yield Problem(
                owner.package.name,
                f"{owner.package.name} is compiled for another Python than {inventory.python}: "
                f"{few(wrong)}",
                place(prefix.path, wrong[0]),
                f"Install the build of {owner.package.name} for this Python.",
            )
