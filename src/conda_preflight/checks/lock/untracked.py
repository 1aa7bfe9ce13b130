"""lock/untracked."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Project
from conda_preflight.grammar.lock_file import environments
from conda_preflight.report import Problem, Severity


@check("lock/untracked", Severity.ERROR)
def untracked(document: Lock | Manifest, project: Project) -> Iterator[Problem]:
    """A lock or a manifest is not under version control.

    It exists on this machine only. Whoever clones the project gets none, or an older one, and
    nobody can say later what an environment was made from. Often a line of `.gitignore` such
    as `*.lock` hides it.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```text conda-linux-64.lock untracked
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```text README.md untracked
    A file that is neither.
    ```

    ## Fix

    `git add` it, and commit it together with its manifest.
    """
    if project.tracked is None:
        raise Skip("the project is not under version control")
    if document.path in project.tracked or document.path.startswith(("/", "../")):
        return
    if isinstance(document, Lock) and not environments(document, project):
        return  # told with the first environment of its file
    if isinstance(document, Manifest) and document.environment not in ("", "default"):
        return
    what = "lock" if isinstance(document, Lock) else "manifest"
    yield Problem(
        "version control",
        f"This {what} is not under version control",
        document.location,
        f"Run `git add {document.path}`, with -f where .gitignore hides it, and commit it.",
    )
