"""housekeeping/tracked-environment."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Project
from conda_preflight.report import Problem, Severity

_RECORDS = "/conda-meta/"
_PARTS = ("bin/", "lib/", "Lib/", "Scripts/", "DLLs/", "Library/")


@check("housekeeping/tracked-environment", Severity.WARNING)
def tracked_environment(project: Project) -> Iterator[Problem]:
    """An installed environment is under version control.

    It holds the paths of the machine that it was made on, works on no other, and makes the
    repository as large as all of its packages, for good: they stay in its history. What a project
    needs is the manifest and the lock. Records without programs or libraries, as tests keep them,
    are not told.

    ## Fails

    ```text env/conda-meta/history
    ==> 2026-01-31 12:00:00 <==
    ```

    ```sh env/bin/greet
    #!/home/somebody/project/env/bin/python
    ```

    ```text notes.txt untracked
    ```

    ## Passes

    ```text env/conda-meta/history untracked
    ==> 2026-01-31 12:00:00 <==
    ```

    ```sh env/bin/greet untracked
    #!/home/somebody/project/env/bin/python
    ```

    ```text tests/records/conda-meta/history
    ==> 2026-01-31 12:00:00 <==
    ```

    ## Fix

    `git rm -r --cached env`, and a line `env/` in `.gitignore`. `git filter-repo` takes it out of
    the history too.
    """
    if project.tracked is None:
        raise Skip("the project is not under version control")
    records = (f"/{path}" for path in project.tracked if _RECORDS in f"/{path}")
    for prefix in sorted({path.partition(_RECORDS)[0].lstrip("/") for path in records}):
        lead = f"{prefix}/" if prefix else ""
        inside = [path for path in project.tracked if path.startswith(lead)]
        if any(path.removeprefix(lead).startswith(_PARTS) for path in inside):
            name = prefix or project.name
            yield Problem(
                prefix or ".",
                f"The environment {name} is under version control, with {len(inside):,} files",
                Location(f"{lead}conda-meta/history"),
                f"`git rm -r --cached {prefix or '.'}`, and a line `{name}/` in .gitignore.",
            )
