"""joint/changed-apart."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Revision
from conda_preflight.report import Problem, Severity

_NAMED = 5


@check("joint/changed-apart", Severity.WARNING)
def changed_apart(revision: Revision) -> Iterator[Problem]:
    """Only one of a manifest and its lock was changed since the revision.

    `audit --since REV` compares both with what they were. A lock that changed while nobody asked
    for anything else was solved again, or edited by hand, which is how a foreign package gets into
    an environment that nobody reviews line by line. A manifest that changed alone is not yet what
    will be installed, even where the old lock still fits it. Comments and the order of lines do not
    count, and neither does the name of the environment. In the examples `before/` is the project
    at the revision.

    ## Fails

    ```text before/environment.yml
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text before/conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text environment.yml
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h2_1_cpython.conda
    ```

    ```text before/environment.yml
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text before/conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text environment.yml
    channels: [conda-forge]
    dependencies: [python>=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Passes

    ```text before/environment.yml
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text before/conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text environment.yml
    channels: [conda-forge]
    dependencies: [python=3.12]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.12.4-h1_0_cpython.conda
    ```

    ```text before/environment.yml
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text before/conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text environment.yml
    # a remark
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Fix

    Lock again after each change of the manifest and commit both together; say in the pull request
    why a lock was made anew.
    """
    if revision.locked and not revision.asked:
        yield Problem(
            "lock",
            f"The lock changed since {revision.since} and {revision.manifest.path} did not: "
            f"{_some(revision.locked)}",
            revision.location,
            "Say why it was solved again, or bring the old lock back.",
        )
    if revision.asked and not revision.locked:
        yield Problem(
            "manifest",
            f"The manifest changed since {revision.since} and {revision.path} did not: "
            f"{_some(revision.asked)}",
            revision.manifest,
            "Lock again: conda-preflight lock.",
        )


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
