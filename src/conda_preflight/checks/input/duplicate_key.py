"""input/duplicate-key."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Layout
from conda_preflight.report import Problem, Severity


@check("input/duplicate-key", Severity.ERROR)
def duplicate_key(layout: Layout) -> Iterator[Problem]:
    """A key stands twice in the same mapping, so one of its values is lost.

    conda refuses a file with a doubled key; most other readers keep the last value
    without a word, and the packages or channels under the first one are gone.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
      - conda-forge
    dependencies:
      - python=3.11
    channels:
      - bioconda
    ```

    ```yaml .condarc
    channels: [conda-forge]
    auto_update_conda: false
    channels: [bioconda]
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
      - conda-forge
      - bioconda
    dependencies:
      - python=3.11
    ```

    ## Fix

    Put all values under one key.
    """
    for double in layout.duplicates:
        yield Problem(
            double.key,
            f"`{double.key}` stands here for the second time, first on line {double.first.line}",
            double.location,
            f"Merge both under one `{double.key}`.",
        )
