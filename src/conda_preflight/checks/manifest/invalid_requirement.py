"""manifest/invalid-requirement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Requirement, Requirements, Source
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Edit, Problem, Severity

_VARIABLE = lazy_pattern(r"\$\{[A-Z0-9_]+\}")
"""What pip itself fills in; source: pip's documentation, "Using environment variables"."""


@check("manifest/invalid-requirement", Severity.ERROR)
def invalid_requirement(doc: Manifest | Requirements, project: Project) -> Iterator[Problem]:
    """A line for pip is not one that pip can read.

    Conda installs its own half first and hands the lines to pip afterwards. One bad line
    makes pip refuse them all, and what is left is half an environment. A single `=` is
    conda's and not pip's; quotes, `=>` and `~=4` are other common slips.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.9
      - pip
      - pip:
          - diffusers=0.12.1
    ```

    ```yaml environment.yml
    dependencies:
      - pip:
          - "numpy=>1.24"
    ```

    ```yaml environment.yml
    dependencies:
      - pip:
          - --no-deps
          - numpy==1.24.4
    ```

    ```text requirements.txt
    numpy == '1.24.4'
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.9
      - pip
      - pip:
          - diffusers==0.12.1
          - numpy (>=1.24,<2)
          - "torch ~= 2.1 ; sys_platform == 'linux'"
          - -r requirements.txt
    ```

    ## Fix

    Write the line as pip reads it: `name==1.2.3`. `conda-preflight audit --fix` does it where
    it is clear what was meant.
    """
    refused = [req for req in doc.pip if req.error]
    if refused:
        source = next((s for s in project.of(Source) if s.path == doc.path), None)
        for req in refused:
            yield Problem(
                req.name or req.option or req.text,
                f"pip cannot read `{_short(req.text)}`. {req.error}",
                req.location,
                f"Write `{_short(req.meant)}`." if req.meant else "Write it as `name==1.2.3`.",
                severity=Severity.WARNING if _VARIABLE.search(req.text) else None,
                edits=_edit(req, source),
            )


def _edit(req: Requirement, source: Source | None) -> tuple[Edit, ...]:
    """The line as it was meant, where its text stands in the file as it was read."""
    old = req.text.partition(" #")[0].rstrip()
    if not req.meant or source is None or "\n" in old:
        return ()
    start = req.location.column - 1
    found = source.line(req.location.line).find(old, start, start + len(old) + 2)
    if found < 0:
        return ()
    at = replace(req.location, column=found + 1, length=len(old))
    return (Edit(at, old, req.meant),)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  (one line)
