"""joint/names-disagree."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Manifest, Project, Script
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.report import Problem, Severity

_BASE = frozenset(("", "base", "root"))
_WEIGHT = {"ci": Severity.ERROR, "script": Severity.WARNING, "readme": Severity.WARNING}


@check("joint/names-disagree", Severity.ERROR)
def names_disagree(doc: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """A file activates an environment that nothing here creates.

    `conda run -n X` stops when the manifest was renamed and the Dockerfile was not. Names
    count that a manifest of the project has, or that the same file creates with `-n`. An
    error in a Dockerfile and in CI, a warning elsewhere.

    ## Fails

    ```text Dockerfile
    FROM docker.example.org/miniconda:24.1
    COPY environment.yml .
    RUN conda env create -f environment.yml
    CMD ["conda", "run", "-n", "llm", "python", "serve.py"]
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Passes

    ```text Dockerfile
    FROM docker.example.org/miniconda:24.1
    COPY environment.yml .
    RUN conda env create -f environment.yml
    RUN conda create -n tools python=3.12 && conda run -n tools python --version
    CMD ["conda", "run", "-n", "chatbot_infer_prod", "python", "serve.py"]
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Fix

    Write the name that the manifest has.
    """
    named = {m.name.text for m in project.of(Manifest) if m.name}
    if project.path != "." or not named:
        raise Skip("no manifest with a name was audited beside it")
    installs = [found for command in doc.commands if (found := install_of(command))]
    known = named | {i.env for i in installs if i.action in ("create", "update")}
    severity = _WEIGHT.get(doc.kind) if isinstance(doc, Script) else Severity.ERROR
    for install in _uses(installs):
        if install.env not in known:
            yield Problem(
                install.env,
                f"Nothing here creates the environment `{install.env}`",
                install.location,
                f"Write `{min(named)}`, as the manifest names it.",
                severity,
            )


def _uses(installs: list[Install]) -> Iterator[Install]:
    """Steps that work in an environment by its plain name; directories and variables are not."""
    for install in installs:
        plain = not set("/\\$%{<") & set(install.env)
        if install.action in ("run", "activate") and plain and install.env not in _BASE:
            yield install
