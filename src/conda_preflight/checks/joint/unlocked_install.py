"""joint/unlocked-install."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Lock, Manifest, Project, Script
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.report import Problem, Severity

_CONDAS = ("conda", "mamba", "micromamba")
_WEIGHT = {"ci": Severity.ERROR, "script": Severity.WARNING, "readme": Severity.NOTE}


@check("joint/unlocked-install", Severity.ERROR)
def unlocked_install(doc: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """An environment is created from the manifest and not from its lock.

    A manifest is solved anew at each build, so two images of the same commit hold other
    packages. An error in a Dockerfile and in CI, a warning in a script, a note in a README.

    ## Fails

    ```text Dockerfile
    FROM docker.example.org/miniconda:24.1
    COPY environment.yml .
    RUN conda env create -f environment.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Passes

    ```text Dockerfile
    FROM docker.example.org/micromamba:2.3
    COPY conda-lock.yml .
    RUN micromamba create --yes --prefix /opt/env --file conda-lock.yml
    ```

    ## Fix

    Copy the lock into the image and create from it: `conda-lock install`, `micromamba create
    --file conda-lock.yml` or `conda create --file conda-linux-64.lock`.
    """
    locks = {_base(lock.path) for lock in project.of(Lock)}
    manifests = {_base(m.path) for m in project.of(Manifest)} - locks
    severity = _WEIGHT.get(doc.kind) if isinstance(doc, Script) else Severity.ERROR
    for command in doc.commands:
        install = install_of(command)
        file = _manifest_of(install, manifests) if install else ""
        if install and file:
            yield Problem(
                file,
                f"`{file}` is solved anew at each build{_lock(locks)}",
                install.location,
                "Create the environment from the lock of the manifest.",
                severity,
            )


def _manifest_of(install: Install, manifests: set[str]) -> str:
    """The manifest that a step solves: one of the project's, or YAML that is no lock by name."""
    if install.tool not in _CONDAS or install.action not in ("create", "update"):
        return ""
    for file in map(_base, install.files):
        is_yaml = file.endswith((".yml", ".yaml")) and "lock" not in file and "$" not in file
        if file in manifests or is_yaml:
            return file
    return ""


def _lock(locks: set[str]) -> str:
    return f", and `{min(locks)}` lies beside it unused" if locks else ", to other packages"


def _base(path: str) -> str:
    return path.rpartition("/")[2]
