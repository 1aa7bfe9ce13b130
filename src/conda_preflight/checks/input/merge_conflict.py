"""input/merge-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Source
from conda_preflight.grammar.conflict import conflicts
from conda_preflight.report import Problem, Severity


@check("input/merge-conflict", Severity.ERROR)
def merge_conflict(source: Source) -> Iterator[Problem]:
    """A file holds the marks of a merge that nobody finished.

    `<<<<<<<` and `>>>>>>>` stand around two versions of the same lines. conda refuses
    such a manifest, and pip such a requirements file; which half was meant only a person
    can say.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
    <<<<<<< HEAD
      - python=3.11
    =======
      - python=3.12
    >>>>>>> main
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Fix

    Keep one of the two versions and delete the three lines of marks, at every such place.
    """
    found = conflicts(source.lines)
    if found:
        count = len(found)
        more = f" ({count} of them)" if count > 1 else ""
        yield Problem(
            "conflict",
            f"A merge conflict{more} was left in the file",
            Location(source.path, found[0], 1, 7),
            "Keep one side and delete the lines with <<<<<<<, ======= and >>>>>>>.",
        )
