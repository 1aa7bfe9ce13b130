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
    in_script,
)
from conda_preflight.grammar.image_stage import stages
from conda_preflight.grammar.written_file import Files, base, files_of, some
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_WORD = lazy_pattern(r"[A-Za-z0-9_.-]+")


@check("joint/names-disagree", Severity.ERROR)
def names_disagree(script: Dockerfile | Script | Lock, project: Project) -> Iterator[Problem]:
    """A file works in an environment of another name than the one that is made.

    `conda run -n NAME` and `conda activate NAME` fail where no such environment is; a PATH
    with that name in it falls back silently on the Python of the base image. That is an error
    in an image and in CI, and a warning in scripts. Where a file makes the environment under
    another name than its manifest has and keeps to it, or a lock has another name, it works
    but confuses: a warning, in CI and scripts a note. `base` is always there; names with
    variables and base images that may bring environments are not judged.

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

    ## Passes

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
    found = in_image(script) if isinstance(script, Dockerfile) else in_script(script)
    if isinstance(script, Script) and script.kind == "readme":
        raise Skip("joint/readme-disagrees judges pages for people")
    yield from _missing(script, found, files, project)
    yield from _renamed(script, found, files)


def _lock(lock: Lock, files: Files) -> Iterator[Problem]:
    manifest = files.owner(lock)
    if lock.name and manifest and manifest.name and lock.name != manifest.name.text:
        yield Problem(
            lock.name,
            f"The lock is called {lock.name}, its manifest {manifest.name.text}",
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
    if unknown or not _knows_the_rest(script, found):
        return
    said = _set_by_actions(files.text(script.path)) if isinstance(script, Script) else frozenset()
    for used in {used.name: used for used in reversed(strange)}.values():
        if used.name not in said:
            yield Problem(
                used.name,
                f"This works in the environment {used.name}, which nothing here makes: "
                f"{_there(list(there))}",
                used.location,
                f"Write {next(iter(there))}."
                if len(there) == 1
                else "Write the name that is made.",
                Severity.WARNING if _is_script(script) else None,
            )


def _there(names: list[str]) -> str:
    return f"made is {some(names)}" if names else "there is only base"


def _knows_the_rest(script: Dockerfile | Script, found: Environments) -> bool:
    """Whether no environment can be there already."""
    if isinstance(script, Script):
        return bool(found.made)
    known = [has_only_base(stage.root) for stage in stages(script)]
    copied = any("--from=" in i.value[:400] for i in script.instructions if i.keyword == "COPY")
    return all(known) and (bool(found.made) or not copied)


def _set_by_actions(text: str) -> frozenset[str]:
    """The words of the rows of a CI file that speak of environments."""
    rows = (row for row in text.split("\n") if "environment" in row.lower())
    return frozenset(word for row in rows for word in _WORD.findall(row))


def _is_script(script: Dockerfile | Script) -> bool:
    return isinstance(script, Script) and script.kind == "script"


def _names(made: Made, path: str, files: Files) -> frozenset[str]:
    """The name on the command line, or those that the files may give; empty if unknown."""
    if made.name:
        return frozenset((made.name,))
    return frozenset(name for file in made.files for name in files.names(file, path))


def _renamed(script: Dockerfile | Script, found: Environments, files: Files) -> Iterator[Problem]:
    told: set[str] = set()
    for made in found.made:
        given = {name for file in made.files for name in files.names(file, script.path)}
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
