"""lock/missing."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Lock, Manifest, Project, Requirements, Unreadable
from conda_preflight.grammar.lock_file import folder, some
from conda_preflight.report import Problem, Severity

_ONLY_PYTHON = frozenset(("python", "pip", "setuptools", "wheel", "uv"))
_NAMES = {
    "environment.yml": "conda-lock.yml, explicit lists such as conda-linux-64.lock",
    "pyproject.toml": "pixi.lock, conda-lock.yml",
    "pixi.toml": "pixi.lock",
}


@check("lock/missing", Severity.ERROR)
def missing(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """No lock belongs to the manifest.

    A manifest, even one with exact versions, is solved again on each machine and each day:
    the packages that it does not name, their builds and their channels change under it. Only
    a lock with digests installs the same files again. Where a manifest asks conda for nothing
    but Python and pip, a requirements file with hashes is taken for its lock.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - python=3.11.9=h955ad1f_0
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - pytorch=2.4.1
      - pip
      - pip:
          - einops==0.8.0
    ```

    ```text requirements.txt
    einops==0.8.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - python=3.11
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - python=3.11.9
      - pip
      - pip:
          - -r requirements.txt
    ```

    ```text requirements.txt
    einops==0.8.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ## Fix

    Run `conda-preflight lock`, and commit the lock beside the manifest.
    """
    if project.locks_of(manifest) or _is_held_by_requirements(manifest, project):
        return
    if project.path != ".":
        raise Skip("only this file was audited")
    if manifest.partial:
        raise Skip("a fragment that is merged into other manifests is locked with them")
    if not (manifest.specs or manifest.pip):
        raise Skip("the manifest asks for no packages")
    if broken := _unreadable_locks(manifest, project):
        raise Skip(f"{some(broken)} cannot be read")
    found = _found(manifest, project)
    # one lock holds all environments of a file, so where there is none it is missing once
    alone = manifest.environment if found else ""
    yield Problem(
        alone or "lock",
        f"No lock belongs to this manifest; looked for {_NAMES[manifest.kind]}{found}",
        manifest.location if alone or not manifest.environment else Location(manifest.path, 1, 1),
        "Run `pixi lock`." if manifest.kind == "pixi.toml" else "Run `conda-preflight lock`.",
    )


def _found(manifest: Manifest, project: Project) -> str:
    here = folder(manifest.path)
    paths = sorted({lock.path for lock in project.of(Lock) if folder(lock.path) == here})
    return f", and found only {some(paths)}, made from something else" if paths else ""


def _is_held_by_requirements(manifest: Manifest, project: Project) -> bool:
    """Whether conda brings only Python, and a hashed requirements file beside it the rest."""
    here = folder(manifest.path)
    hashed = [r for r in project.of(Requirements) if r.hashed and folder(r.path) == here]
    only_python = all(spec.name in _ONLY_PYTHON for spec in manifest.specs)
    if not (hashed and only_python and manifest.specs):
        return False
    held = {req.name for file in hashed for req in file.pip}
    return all(req.name in held for req in manifest.pip if req.kind == "name")


def _unreadable_locks(manifest: Manifest, project: Project) -> list[str]:
    here = folder(manifest.path)
    return [u.path for u in project.of(Unreadable) if "lock" in u.path and folder(u.path) == here]
