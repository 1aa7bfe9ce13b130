"""manifest/asked-twice."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.grammar.pip_half import shared
from conda_preflight.report import Problem, Severity


@check("manifest/asked-twice", Severity.WARNING)
def asked_twice(manifest: Manifest) -> Iterator[Problem]:
    """The same project is asked for from conda and from pip.

    pip comes last. Where conda's copy does not satisfy it, pip removes that copy or writes
    over its files, and conda goes on believing that its own build is there: the CUDA build of
    a framework is lost this way. Where it does satisfy it, the second line does nothing.
    Names that differ are known, `pytorch` and `torch` or `opencv` and `opencv-python-headless`.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch=2.4.1
      - pip
      - pip:
          - torch==2.4.1
    ```

    ```yaml environment.yml
    dependencies:
      - opencv
      - pip
      - pip:
          - opencv-python-headless==4.10.0.84
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch=2.4.1
      - graphviz
      - ninja
      - tzdata
      - pip
      - pip:
          - graphviz==0.20.3
          - tzdata==2024.1
          - ninja==1.11.1
    ```

    ## Fix

    Keep conda's line, and delete pip's.
    """
    seen: set[str] = set()
    for spec, req in shared(manifest):
        if req.name not in seen:
            seen.add(req.name)
            same = spec.name == req.name
            from_conda = "conda" if same else f"conda, as `{spec.name}`,"
            yield Problem(
                req.name,
                f"`{req.name}` is asked for from {from_conda} and again from pip, "
                "which may replace conda's build",
                req.location,
                f"Keep `{spec.text}` of conda, and delete this line.",
            )
