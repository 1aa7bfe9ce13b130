"""input/unreadable."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project, Source, Unreadable
from conda_preflight.grammar.conflict import conflicts
from conda_preflight.report import Problem, Severity


@check("input/unreadable", Severity.ERROR)
def unreadable(project: Project) -> Iterator[Problem]:
    """A file that belongs to the project cannot be read.

    A file that no tool can read stops `conda env create` with an error, and nothing in
    it was audited. The finding says why and, where that is known, in which line.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
     - pip
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
      - pip
    ```

    ## Fix

    Correct the file at the place that is named; an editor with YAML support shows it too.
    """
    explained = {source.path for source in project.of(Source) if conflicts(source.lines)}
    for broken in project.of(Unreadable):
        if broken.path in explained:
            continue  # the cause is the conflict, and input/merge-conflict says so
        fix = broken.hint or "Correct the file, or leave it out with `exclude` in the settings."
        yield Problem(broken.message, broken.message, broken.location, fix)
