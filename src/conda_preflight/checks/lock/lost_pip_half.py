"""lock/lost-pip-half."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Project, Requirement, Requirements
from conda_preflight.grammar.lock_file import again, owners, some
from conda_preflight.grammar.pip_deviation import by_project
from conda_preflight.report import Problem, Severity


@check("lock/lost-pip-half", Severity.ERROR)
def lost_pip_half(lock: Lock, project: Project) -> Iterator[Problem]:
    """The manifest has a pip section, and the lock holds none of it.

    An explicit list cannot hold pip packages, and some tools leave them out without a word.
    What is installed from the lock then lacks them, or somebody installs them afterwards
    without pins and digests. A requirements file in the project that names them with hashes
    is taken for the pip half.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - vllm==0.6.6
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - -r requirements.txt
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text requirements.txt
    vllm==0.6.6
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - vllm==0.6.6
          - -e .
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text requirements.txt
    vllm==0.6.6 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.4.1
      - pip
      - pip:
          - torch==2.4.1
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.1-cuda118_py311h1_0.conda
    ```

    ## Fix

    Run `conda-preflight lock`, which writes the pip half with hashes beside the lock.
    """
    manifests = owners(lock, project)
    if not manifests:
        raise Skip("no manifest of this lock is audited with it")
    if any(p.manager == "pypi" for p in lock.packages):
        return
    held = _held(lock, project)
    for manifest in manifests:
        wanted = [req for req in manifest.pip if not _is_held(req, held, project)]
        if wanted and manifest.kind != "pyproject.toml":  # conda may bring those
            lines = some(f"`{req.name or req.text.strip()}`" for req in wanted)
            yield Problem(
                f"pip half of {manifest.path}",
                f"{manifest.path} asks pip for {lines}, and the lock holds no pip packages",
                lock.location,
                again(lock)
                if lock.kind == "pixi.lock"
                else "Run `conda-preflight lock`, "
                "which writes the pip half with hashes beside the lock.",
            )


def _held(lock: Lock, project: Project) -> frozenset[str]:
    """The projects that conda packages or requirements files with hashes bring.

    A file that is hashed in part is told of by another rule.
    """
    files = (f for f in project.of(Requirements) if any(req.hashes for req in f.pip))
    named = (req.name for file in files for req in file.pip)
    return frozenset((*named, *by_project([p for p in lock.packages if p.manager == "conda"])))


def _is_held(req: Requirement, held: frozenset[str], project: Project) -> bool:
    """Whether the line needs no lock, or conda or a hashed requirements file covers it."""
    if req.error or req.kind in ("option", "constraint", "path", "invalid") or req.marker:
        return True
    if req.kind == "include":
        name = req.value.rpartition("/")[2]
        files = project.of(Requirements)
        return any(file.hashed for file in files if file.path.rpartition("/")[2] == name)
    return req.name in held
