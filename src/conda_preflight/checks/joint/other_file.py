"""joint/other-file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Location, Project, Script
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.written_file import Files, base, files_of, is_plain
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_WRITES = lazy_pattern(
    r">|\b(?:cp|mv|sed|curl|wget|tee|render|generate|export|download|artifact|jq|yq|make|ln|touch"
    r"|envsubst|output|unzip|tar)\b|\bpython[0-9.]{0,8} +[^ -]|\bconda-lock +(?:-|lock)"
)
_READS = lazy_pattern(r"^[ \t]*#|hashFiles|cache|\bkey:|^[ \t]*-[ \t]*[^ \t:]*[ \t]*$")
_OTHER_TREE = lazy_pattern(r"\bgit +clone\b|^ *repository *:|\bsvn +|\bgh +repo\b", re.MULTILINE)
_WORD = lazy_pattern(r"[A-Za-z0-9_.+-]+")
_SEEN = lazy_pattern(r"\.ya?ml$|^[^/]*requirements[^/]*\.txt$")


@check("joint/other-file", Severity.ERROR)
def other_file(script: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """The image or the CI installs by a file that the project does not have.

    After a file is renamed, the build that still asks for the old name fails; where an old copy
    is left on a machine, it installs what nobody has audited. A path counts as there where it
    lies below any folder of the project. Files that a command may write, names with variables,
    and commands after a `git clone` are not judged.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment-gpu.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - uses: conda-incubator/setup-miniconda@v3
            with:
              environment-file: environment-gpu.yml
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    RUN wget https://git.example.org/other.yml && conda env create -f other.yml
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```yaml envs/environment-gpu.yml
    name: chatbot_train_prod
    dependencies: [python=3.11]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - run: sed s/3.11/3.12/ environment.yml > new.yml
          - run: conda env create -f new.yml
          - run: conda-lock -f environment.yml -p linux-64
          - run: conda-lock install -n locked conda-lock.yml
          - run: conda env create -f ${{ matrix.file }}
          - run: conda env create -f envs/environment-gpu.yml
    ```

    ## Fix

    Write the name of the file that is there, or bring the file back.
    """
    if project.path != ".":
        raise Skip("only this file was audited")
    if isinstance(script, Script) and script.kind != "ci":
        raise Skip("only Dockerfiles and CI files are judged")
    files = files_of(project)
    found = (
        _by_image(script)
        if isinstance(script, Dockerfile)
        else _by_ci(script, files.text(script.path))
    )
    told: set[str] = set()
    for name, place in found:
        if name not in told and _is_missing(name, files, project):
            told.add(name)
            shown = name.removeprefix("./")
            yield Problem(
                name,
                f"This installs by {shown}, and no file of that name is in the project",
                place,
                _fix(name, files),
            )


def _fix(name: str, files: Files) -> str:
    """Names the file that differs in its ending alone, where there is one."""
    stem, dot, ending = name.rpartition(".")
    near = stem + dot + {"yaml": "yml", "yml": "yaml"}.get(ending, "")
    if dot and files.paths.has(near):
        return f"Write `{near.removeprefix('./')}`, which is there."
    return "Write the name of the file that is there, or bring the file back."


def _is_missing(written: str, files: Files, project: Project) -> bool:
    """Whether the file is surely not there: each name counts under version control."""
    hidden = any(part.startswith(".") and part != "." for part in written.split("/"))
    listed = project.tracked is not None or bool(_SEEN.search(base(written)))
    return is_plain(written) and listed and not hidden and not files.paths.has(written)


def _by_image(dockerfile: Dockerfile) -> Iterator[tuple[str, Location]]:
    """What the files that were copied are called in the project."""
    for step in steps(dockerfile):
        supply = step.supply
        for install in step.installs:
            for file in install.files:
                sure = supply.holds(file, install.folder) and not supply.anything
                if sure and base(file) not in supply.made:
                    yield supply.original(file, install.folder), install.location


def _by_ci(script: Script, text: str) -> Iterator[tuple[str, Location]]:
    if _OTHER_TREE.search(text):
        return
    installs = [found for command in script.commands if (found := install_of(command))]
    written = _written(text, frozenset(install.location.line for install in installs))
    locks = any(install.action == "lock" for install in installs)
    for install in installs:
        for file in install.files if install.action != "lock" else ():
            if base(file) not in written and not (locks and "lock" in base(file)):
                yield file, install.location


def _written(text: str, installing: frozenset[int]) -> frozenset[str]:
    """The names that a row may write: any that is no install, comment, cache key or list item."""
    rows = (
        row
        for line, row in enumerate(text.split("\n"), 1)
        if _WRITES.search(row) or not (line in installing or _READS.search(row))
    )
    return frozenset(word for row in rows for word in _WORD.findall(row))
