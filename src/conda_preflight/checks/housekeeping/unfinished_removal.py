"""housekeeping/unfinished-removal."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.orphans import CLEAN, CONDA, MAMBA, PIP, left_by
from conda_preflight.accounting.telling import few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ORPHAN
from conda_preflight.report import Problem, Severity

_FIX = {
    CONDA: "Close what uses the environment, then `conda clean --all`, or make it anew.",
    MAMBA: "Close what uses the environment and run mamba on it once more, or make it anew.",
    PIP: "Delete these folders: pip removes them only where nothing goes wrong.",
    CLEAN: "`conda-preflight clean --undo` brings it back, `--empty-trash --yes` deletes it.",
}


@check("housekeeping/unfinished-removal", Severity.NOTE)
def unfinished_removal(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A removal was begun in the environment and not finished.

    What a package manager cannot delete at once it renames, to delete it later: conda to `*.c~` and
    `.trash`, mamba to `*.mamba_trash`, pip to a folder that begins with `~`. When that is left, the
    environment holds what it does not need, and the last change of it may have ended half way;
    pip tells of an "invalid distribution" each time.

    ## Fails

    ```text conda-meta/history
    ```

    ```text lib/libgreet.so.1.c~
    the old library
    ```

    ```text conda-meta/history
    ```

    ```json conda-meta/python-3.11.9-h1_0.json
    {"name": "python", "version": "3.11.9", "build": "h1_0", "files": ["lib/python3.11/os.py"]}
    ```

    ```python lib/python3.11/os.py
    ```

    ```python lib/python3.11/site-packages/~orch/__init__.py
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```text lib/notes.txt~
    a copy that an editor keeps
    ```

    ## Fix

    Make the environment from its lock again, or let the tool finish.
    """
    accounts = verifications.of(prefix)
    groups: dict[str, list[str]] = {}
    for each in accounts.of(ORPHAN):
        if tool := left_by(each.path, accounts.site_packages):
            groups.setdefault(tool, []).append(each.path)
    for tool, paths in groups.items():
        yield Problem(
            tool,
            f"{tool} began to remove {few(paths)}, and did not finish",
            place(prefix.path, paths[0]),
            _FIX[tool],
        )
