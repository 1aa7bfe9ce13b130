"""joint/unlocked-install."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Manifest, Project, Script
from conda_preflight.grammar.ci_jobs import SHARED
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.unpinned_name import is_ci_tool, unpinned
from conda_preflight.grammar.written_file import (
    Files,
    Read,
    base,
    files_of,
    is_plain,
    looks_like_manifest,
    some,
)
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.report import Problem, Severity

_CONDAS = ("conda", "mamba", "micromamba")
_MAKERS = (*_CONDAS, "conda-lock")
_FOR_DEVELOPERS = lazy_pattern(
    r"(?:^|[^a-z])(?:dev|ci|circleci|devcontainer|gitpod|test)(?:[^a-z]|$)"
)
_BY_KIND = {"image": Severity.ERROR, "ci": Severity.ERROR, "readme": Severity.NOTE}


@document_type
class _Read:
    """One install, and its files by the names that they have in the project.

    ``tree`` tells apart the images of a Dockerfile that have nothing in common, and the jobs
    of a CI file; empty is what all jobs share.
    """

    install: Install
    files: tuple[str, ...]
    tree: str


@check("joint/unlocked-install", Severity.ERROR)
def unlocked_install(script: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """An environment is made from a manifest or by bare names, not from the lock.

    Then conda or pip solves again, and each build may get other packages than the lock holds.
    In an image that is an error, also where there is no lock yet, and a warning in one that by
    its path is for developers or tests. In CI it is an error where a lock lies beside the
    manifest, in a script it is a warning, in a README a note. Packages without a version that
    are added to an environment count in images, and as a warning in scripts and in a job of CI
    that made one. Tools such as `pip` and `conda-lock`, the project itself
    (`pip install -e .`), requirements files and names with variables are not judged here.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.3.2
    COPY environment.yml /tmp/
    RUN micromamba install -n base -f /tmp/environment.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - run: conda env create
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n x --file /tmp/conda-linux-64.lock && conda run -n x pip install flash-attn
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    RUN conda install -n base conda-libmamba-solver && pip install --upgrade pip conda-lock
    COPY . .
    RUN conda create -n chatbot_infer_prod --file conda-linux-64.lock
    RUN conda run -n chatbot_infer_prod pip install --no-deps -e .
    RUN conda run -n chatbot_infer_prod pip install einops==0.8.0 "torch @ file:///t.whl" $MORE
    RUN pip install --require-hashes -r requirements.txt
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - run: conda env create -f environment.yml
          - run: pip install pytest
    ```

    ## Fix

    Install from the lock: `conda-lock install -n chatbot_infer_prod conda-lock.yml`, or
    `conda create -n chatbot_infer_prod --file conda-linux-64.lock` for an explicit list. What
    is still missing goes into the manifest and the lock.
    """
    if project.path != "." and isinstance(script, Script):
        raise Skip("only this file was audited")
    kind = _image_kind(script) if isinstance(script, Dockerfile) else script.kind
    found = _by_image(script) if isinstance(script, Dockerfile) else _by_script(script)
    reads = [read for read in found if "--dry-run" not in read.install.flags]
    files = files_of(project)
    yield from _manifests(reads, kind, script.path, files)
    if kind != "readme":
        yield from _names(reads, kind, files)


def _image_kind(dockerfile: Dockerfile) -> str:
    """An image that people develop or test in weighs less than one that serves."""
    return "workbench" if _FOR_DEVELOPERS.search(dockerfile.path.lower()) else "image"


def _by_image(dockerfile: Dockerfile) -> Iterator[_Read]:
    for step in steps(dockerfile):
        for install in step.installs:
            files = tuple(step.supply.original(file, install.folder) for file in install.files)
            yield _Read(replace(install, folder=""), files, str(step.stage.trunk))


def _by_script(script: Script) -> Iterator[_Read]:
    for command in script.commands:
        if install := install_of(command):
            yield _Read(install, install.files, install.job)


def _manifests(reads: Iterable[_Read], kind: str, path: str, files: Files) -> Iterator[Problem]:
    """Each manifest that is installed from, once a file."""
    told: set[str] = set()
    for read in reads:
        install = read.install
        makes = install.tool in _CONDAS and install.action in ("create", "update", "install")
        for file in read.files if makes else ():
            found = files.read(file, path, install.folder)
            names = {doc.path for doc in found} or {file}
            if is_plain(file) and not names <= told and _is_manifest(file, found):
                told |= names
                yield from _unlocked(file, install, kind, _locks(found, files))


def _is_manifest(file: str, found: Sequence[Read]) -> bool:
    if found:
        return all(isinstance(doc, Manifest) and doc.kind == "environment.yml" for doc in found)
    return looks_like_manifest(file)


def _locks(found: Iterable[Read], files: Files) -> tuple[Lock, ...]:
    """The locks of the manifests; none where it may be one of several and one has none."""
    owned = [files.locks_of(doc) for doc in found if isinstance(doc, Manifest)]
    return tuple(lock for locks in owned for lock in locks) if all(owned) else ()


def _unlocked(file: str, install: Install, kind: str, locks: tuple[Lock, ...]) -> Iterator[Problem]:
    severity = _BY_KIND.get(kind, Severity.WARNING)
    exact = [lock for lock in locks if lock.kind != "conda-list"]
    if exact:
        message = f"The environment is solved again from {base(file)}, though {{}} locks it"
        paths = some((lock.path for lock in exact), 2)
        yield Problem(
            base(file), message.format(paths), install.location, _from_lock(exact[0]), severity
        )
    elif kind in ("image", "workbench"):
        message = f"The image is built from {base(file)}, which is solved again in each build"
        fix = "Run `conda-preflight lock`, and build the image from the lock."
        yield Problem(base(file), message, install.location, fix, severity)


def _from_lock(lock: Lock) -> str:
    name = base(lock.path)
    if lock.kind == "pixi.lock":
        return "Write `pixi install --locked`."
    if lock.kind == "explicit":
        return f"Write `conda create -n NAME --file {name}`."
    return f"Write `conda-lock install -n NAME {name}` or `micromamba create -n NAME -f {name}`."


def _names(reads: Iterable[_Read], kind: str, files: Files) -> Iterator[Problem]:
    """The packages without a version that go into an environment that is made before them."""
    made: dict[str, set[str]] = {SHARED: set()}
    loose: list[tuple[str, Install]] = []
    for read in reads:
        install = read.install
        here = made.setdefault(read.tree, set())
        found = _loose(install, kind, here | made[SHARED])
        loose += [(name, install) for name in found if kind == "image" or not files.is_own(name)]
        empty = kind == "ci" and not install.files and not install.names
        if install.tool in _MAKERS and (install.action == "create" or install.files) and not empty:
            here.add(install.env)
    if loose:
        names = [name for name, _ in loose]
        yield Problem(
            "names",
            f"Installed in any version, beside what manifest and lock hold: {some(names)}",
            loose[0][1].location,
            "Add them to the manifest, lock again, and install from the lock alone.",
            Severity.ERROR if kind == "image" else Severity.WARNING,
        )


def _loose(install: Install, kind: str, made: set[str]) -> tuple[str, ...]:
    """The names without a version, where an environment is there that they go into."""
    elsewhere = install.env == "base" and "base" not in made
    if not made or elsewhere or install.action == "create":
        return ()
    found = unpinned(install)
    return tuple(name for name in found if kind == "image" or not is_ci_tool(name))
