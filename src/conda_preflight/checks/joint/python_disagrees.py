"""joint/python-disagrees."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Manifest, Project, Script
from conda_preflight.report import Problem, Severity


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
    # One manifest alone, which is audited most often, needs nothing of how commands are read.
    from conda_preflight.grammar.pip_constraint import contradicts
    from conda_preflight.grammar.python_owner import pythons
    from conda_preflight.grammar.written_file import files_of

    seen: set[tuple[str, str]] = set()
    for asked, manifests in pythons(script, files_of(project)):
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


def _pin(manifest: Manifest) -> str:
    """What the manifest asks of python, empty where it says nothing or differs by platform."""
    specs = manifest.named("python")
    versions = [spec.version or "" for spec in specs if not spec.selector]
    return versions[0] if len(specs) == len(versions) == 1 else ""
