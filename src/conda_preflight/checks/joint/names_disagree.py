"""joint/names-disagree."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Project, Script
from conda_preflight.facts.base_images import has_only_base
from conda_preflight.grammar.environment_use import (
    BASE,
    Environments,
    Made,
    in_image,
    in_jobs,
)
from conda_preflight.grammar.image_stage import stages
from conda_preflight.grammar.written_file import Files, base, files_of, some
from conda_preflight.report import Problem, Severity


@check("joint/names-disagree", Severity.ERROR)
def names_disagree(script: Dockerfile | Script | Lock, project: Project) -> Iterator[Problem]:
    """A file works in an environment of another name than the one that is made.

    `conda run -n NAME` and `conda activate NAME` fail where no such environment is; a PATH
    with that name in it falls back silently on the Python of the base image. That is an error
    in an image and in each job of CI, a warning in scripts, and a note with a base image that
    is not well known. Where a file makes the environment under another name than its manifest
    has and keeps to it, or a lock states another name, it works but confuses: a warning, in CI
    and scripts a note. `base` is always there; names with variables are not judged, nor is a
    file that may be one of several.

    ## Fails

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    CMD ["conda", "run", "-n", "llm", "python", "train.py"]
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml .
    RUN conda env create
    ENV PATH=/opt/conda/envs/llm/bin:$PATH
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml .
    RUN conda env create -n other -f environment.yml && conda run -n other python -V
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - run: conda env create -f environment.yml
          - run: conda run -n llm pytest
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      lint:
        steps:
          - run: conda create -n lint python=3.11 ruff=0.5.0
      test:
        steps:
          - run: conda env create -f environment.yml
          - run: conda run -n lint pytest
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```text conda-linux-64.lock
    # Name: llm
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ## Passes

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```yaml docs/environment.yml
    name: llm_docs
    dependencies: [python=3.11]
    ```

    ```dockerfile docker/Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY docs/environment.yml /tmp/
    RUN conda env create -f /tmp/environment.yml && conda run -n llm_docs sphinx-build docs out
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml && conda install -n base -y tini=0.19.0
    RUN echo "conda activate llm_finetune_env" >> ~/.bashrc
    ENV PATH=/opt/conda/envs/llm_finetune_env/bin:$PATH
    CMD ["conda", "run", "-n", "llm_finetune_env", "python", "train.py"]
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/
    RUN conda env create -p /opt/conda/envs/llm_finetune_env -f /tmp/environment.yml
    RUN conda activate llm_finetune_env
    RUN conda env create -p /opt/env -f /tmp/environment.yml && conda run -p /opt/env python -V
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM registry.example.org/team/base:1
    COPY environment.yml /tmp/
    RUN conda env update -n base -f /tmp/environment.yml
    RUN conda run -n tools python -V
    ```

    ```yaml environment.yml
    name: llm_finetune_env
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - uses: conda-incubator/setup-miniconda@v3
            with:
              activate-environment: tools
          - run: conda env create -n ${{ matrix.name }} -f environment.yml
          - run: conda run -n tools pytest
    ```

    ## Fix

    Write the name that the manifest has wherever the environment is made or worked in.
    """
    files = files_of(project)
    if isinstance(script, Lock):
        yield from _lock(script, files)
        return
    if isinstance(script, Script) and script.kind == "readme":
        raise Skip("joint/readme-disagrees judges pages for people")
    told: set[str] = set()
    for found in in_jobs(script) if isinstance(script, Script) else [in_image(script)]:
        for problem in (*_missing(script, found, files, project), *_renamed(script, found, files)):
            if problem.about not in told:
                told.add(problem.about)
                yield problem


def _lock(lock: Lock, files: Files) -> Iterator[Problem]:
    manifest = files.owner(lock)
    if lock.name in ("", *BASE) or not manifest or not manifest.name:
        return
    if lock.name != manifest.name.text:
        yield Problem(
            lock.name,
            f"The lock is called {lock.name}, and {manifest.path} is called {manifest.name.text}",
            lock.location,
            "Lock again after the manifest was renamed.",
            Severity.WARNING,
        )


def _missing(
    script: Dockerfile | Script, found: Environments, files: Files, project: Project
) -> Iterator[Problem]:
    """Names that are worked in though nothing makes them, where all that is made is known."""
    names = [_names(made, script.path, files) for made in found.made]
    there = dict.fromkeys(name for some_names in names for name in sorted(some_names))
    unknown = not all(names) or not all(made.known for made in found.made)
    strange = [used for used in found.used if used.name not in BASE and used.name not in there]
    if not strange or found.opaque:
        return
    if unknown and project.path != ".":
        raise Skip("only this file was audited")
    if unknown or not _may_know_all(script, found):
        return
    for used in {used.name: used for used in reversed(strange)}.values():
        yield Problem(
            used.name,
            f"This works in the environment {used.name}, which nothing here makes: "
            f"{_there(list(there))}",
            used.location,
            f"Write {next(iter(there))}." if len(there) == 1 else "Write the name that is made.",
            _severity(script),
        )


def _there(names: list[str]) -> str:
    return f"made is {some(names)}" if names else "there is only base"


def _may_know_all(script: Dockerfile | Script, found: Environments) -> bool:
    """Whether all environments that there may be are made here, or a base image brings them."""
    if isinstance(script, Script):
        return bool(found.made)
    if not _brings_none(script):
        return any(made.files and made.name not in BASE for made in found.made)
    copied = any("--from=" in i.value[:400] for i in script.instructions if i.keyword == "COPY")
    return bool(found.made) or not copied


def _brings_none(dockerfile: Dockerfile) -> bool:
    """Whether the base images are well known and bring no environments."""
    return all(has_only_base(stage.root) for stage in stages(dockerfile))


def _severity(script: Dockerfile | Script) -> Severity | None:
    if isinstance(script, Dockerfile):
        return None if _brings_none(script) else Severity.NOTE
    return Severity.WARNING if script.kind == "script" else None


def _names(made: Made, path: str, files: Files) -> frozenset[str]:
    """The name on the command line, or those that the files may give; empty if unknown."""
    if made.name:
        return frozenset((made.name,))
    return frozenset(name for file in made.files for name in files.names(file, path, made.folder))


def _renamed(script: Dockerfile | Script, found: Environments, files: Files) -> Iterator[Problem]:
    told: set[str] = set()
    for made in found.made:
        given = {
            name for file in made.files for name in files.names(file, script.path, made.folder)
        }
        other = made.name and made.name not in BASE and not made.name.startswith(("/", "."))
        if other and given and made.name not in given and made.name not in told:
            told.add(made.name)
            yield Problem(
                made.name,
                f"{base(made.files[0])} is called {some(sorted(given))}, "
                f"and this makes it as {made.name}",
                made.location,
                "Use one name in all files.",
                Severity.WARNING if isinstance(script, Dockerfile) else Severity.NOTE,
            )
