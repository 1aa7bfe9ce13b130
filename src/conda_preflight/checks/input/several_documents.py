"""input/several-documents."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Layout
from conda_preflight.report import Problem, Severity


@check("input/several-documents", Severity.ERROR)
def several_documents(layout: Layout) -> Iterator[Problem]:
    """Two documents are glued together in one file.

    A line `---` ends one YAML document and begins the next. conda expects one document
    and stops; other tools read the first and never see the rest.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_dev
    dependencies:
      - python=3.11
    ---
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Passes

    ```yaml environment.yml
    ---
    name: chatbot_infer_prod
    dependencies:
      - python=3.12
    ```

    ## Fix

    Give each environment a file of its own.
    """
    if layout.second is not None:
        yield Problem(
            "documents",
            f"The file holds {layout.documents} YAML documents, and the second begins here",
            layout.second,
            "Move each document into a file of its own.",
        )
