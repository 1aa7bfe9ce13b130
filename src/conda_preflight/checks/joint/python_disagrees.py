"""joint/python-disagrees."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Manifest, Project, Script
from conda_preflight.grammar.environment_use import in_image, in_script, name_of
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.meant_path import above
from conda_preflight.grammar.pip_constraint import contradicts
from conda_preflight.grammar.python_asked import (
    PythonAsked,
    by_commands,
    by_image,
    by_project,
    by_setup,
)
from conda_preflight.grammar.written_file import Files, files_of
from conda_preflight.report import Problem, Severity

_CONDAS = ("conda", "mamba", "micromamba", "conda-lock", "pixi")


@check("joint/python-disagrees", Severity.WARNING)
def python_disagrees(script: Dockerfile | Script | Manifest, project: Project) -> Iterator[Problem]:
    """Another file asks for a Python that the manifest does not take.

    Code is then tested or served with another Python than the environment was made for, or the
    solve fails. Compared are a base image `python:3.9` where no conda makes the environment, with
    the project's only manifest if that lies in the Dockerfile's folder or above it,
    `conda create python=3.9` for the environment of the manifest, `python-version` of a setup
    action beside its `environment-file`, and `requires-python` of a pyproject.toml beside the
    manifest, where that has a table of pixi or conda-lock. Only what surely excludes each
    other is told.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM python:3.9-slim
    RUN pip install -r requirements.txt
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/
    RUN conda create -n x python=3.10 && conda env update -n x -f /tmp/environment.yml
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
          - uses: conda-incubator/setup-miniconda@v3
            with:
              environment-file: environment.yml
              python-version: "3.10"
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```toml pyproject.toml
    [project]
    name = "chatbot"
    version = "1.0"
    requires-python = ">=3.12"
    [tool.conda-lock]
    channels = ["conda-forge"]
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11.9-slim
    RUN pip install -r requirements.txt
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM python:3.9
    COPY environment.yml /tmp/
    RUN conda create -n tools python=3.10 && conda env create -f /tmp/environment.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: ["python>=3.10"]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - uses: actions/setup-python@v5
            with:
              python-version: "3.8"
          - uses: conda-incubator/setup-miniconda@v3
            with:
              environment-file: environment.yml
              python-version: ${{ matrix.python }}
          - uses: conda-incubator/setup-miniconda@v3
            with:
              environment-file: environment.yml
              python-version: "3.10"
    ```

    ## Fix

    Write the same minor release of Python in both files.
    """
    if project.path != ".":
        raise Skip("only this file was audited")
    files = files_of(project)
    seen: set[tuple[str, str]] = set()
    for asked, manifests in _asked(script, files):
        if (asked.written, asked.env) in seen:
            continue
        seen.add((asked.written, asked.env))
        pins = [_pin(manifest) for manifest in manifests]
        if pins and all(pin and contradicts(pin, asked.constraint) for pin in pins):
            yield Problem(
                asked.written,
                f"`{asked.written}` stands here, and {manifests[0].path} asks for python {pins[0]}",
                asked.location,
                "Write the same minor release of Python in both files.",
            )


def _asked(
    script: Dockerfile | Script | Manifest, files: Files
) -> Iterator[tuple[PythonAsked, tuple[Manifest, ...]]]:
    """What is asked for, with the manifests that it concerns."""
    if isinstance(script, Manifest):
        path = f"{script.path.rpartition('/')[0]}/pyproject.toml".removeprefix("/")
        asked = by_project(files.text(path), path)
        if asked and path != script.path:
            yield asked, (script,)
        return
    given = _given(script, files)
    yield from ((asked, _owners(asked, given, script.path, files)) for asked in by_commands(script))
    if isinstance(script, Dockerfile):
        installs = [found for command in script.commands if (found := install_of(command))]
        if installs and not any(install.tool in _CONDAS for install in installs):
            yield from ((asked, _only_above(script, files)) for asked in by_image(script))
    elif script.kind == "ci":
        for asked in by_setup(files.text(script.path), script.path):
            yield asked, _of_files(asked.files, script.path, files, asked.folder)


def _only_above(script: Dockerfile, files: Files) -> tuple[Manifest, ...]:
    """The project's only manifest, where it lies in the Dockerfile's folder or above."""
    return tuple(m for m in files.only_manifest if posixpath.dirname(m.path) in above(script.path))


def _given(script: Dockerfile | Script, files: Files) -> dict[str, tuple[Manifest, ...]]:
    """The manifests that go into each environment, by its name."""
    found = in_image(script) if isinstance(script, Dockerfile) else in_script(script)
    given: dict[str, dict[Manifest, None]] = {}
    for made in found.made:
        read = _of_files(made.files, script.path, files, made.folder)
        given.setdefault(made.name, {}).update(dict.fromkeys(read))
    return {name: tuple(read) for name, read in given.items()}


def _owners(
    asked: PythonAsked, given: Mapping[str, tuple[Manifest, ...]], path: str, files: Files
) -> tuple[Manifest, ...]:
    """The manifests that go into the same environment, or the one that has its name."""
    name = name_of(asked.env)
    own = _of_files(asked.files, path, files, asked.folder) or given.get(name, ())
    return own or (files.called(name) if name else ())


def _of_files(names: Iterable[str], path: str, files: Files, folder: str) -> tuple[Manifest, ...]:
    return tuple(dict.fromkeys(m for name in names for m in files.manifests(name, path, folder)))


def _pin(manifest: Manifest) -> str:
    """What the manifest asks of python, empty where it says nothing or differs by platform."""
    specs = manifest.named("python")
    versions = [spec.version or "" for spec in specs if not spec.selector]
    return versions[0] if len(specs) == len(versions) == 1 else ""
