"""prefix/altered-bytecode."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import by_owner, place, sentences, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import BYTECODE
from conda_preflight.report import Problem, Severity


@check("prefix/altered-bytecode", Severity.ERROR)
def altered_bytecode(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """Compiled Python code is not that of its source.

    Python loads a compiled file in place of its source when the header fits, so that another
    program runs than the one that can be read. Compiled files have no digest in most records. A
    file that Python would not load (older than its source, or of another Python) is in order.
    Code is compiled anew and compared where at most 400 files are to be judged, or with `--full`,
    and where this program runs on the same version of Python; else the headers alone are.

    ## Fails

    ```json conda-meta/python-3.11.7-0.json
    {"name": "python", "version": "3.11.7", "build": "0", "files": [
      "lib/python3.11/greet.py"]}
    ```

    ```python lib/python3.11/greet.py
    print("hello")
    ```

    ```base64 lib/python3.11/__pycache__/greet.cpython-311.pyc
    pw0NCgEAAAAAAAAAAAAAAE4=
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "paths_data": {"paths": [
      {"_path": "share/greet.txt", "path_type": "hardlink", "size_in_bytes": 6,
       "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}}
    ```

    ```text share/greet.txt
    hello
    ```

    ## Fix

    Remove the compiled file (`find DIR -name __pycache__ -exec rm -r {} +`); Python makes it anew.
    """
    for group in by_owner(verifications.of(prefix).of(BYTECODE)):
        owner = group[0].owner
        yield Problem(
            owner or shown(group[0].path),
            f"Compiled code{f' of {owner}' if owner else ''}: {sentences(group)}",
            place(prefix.path, group[0].path),
            "Remove it, so that Python compiles its source anew; find out who put it there.",
        )
