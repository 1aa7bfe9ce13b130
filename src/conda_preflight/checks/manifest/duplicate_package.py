"""manifest/duplicate-package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Project, Source, Spec
from conda_preflight.grammar.spec_groups import clash, together
from conda_preflight.report import Edit, Problem, Severity


@check("manifest/duplicate-package", Severity.WARNING)
def duplicate_package(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """A conda package is asked for twice.

    conda joins the two, and both count. Somebody will change one line and wonder why nothing
    changes. Lines for different platforms (`# [linux]` and `# [win]`) are two packages, and
    lines that contradict each other are told by `manifest/contradictory-pins`.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - numpy
      - scipy
      - numpy
    ```

    ```yaml environment.yml
    dependencies:
      - numpy=1.26
      - conda-forge::NumPy>=1.20
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - numpy=1.26  # [linux]
      - numpy=1.24  # [win]
      - opencv
      - py-opencv
      - pytorch_scatter
      - pytorch-scatter
    ```

    ```yaml environment.yml
    dependencies:
      - numpy=1.26
      - numpy=1.24
    ```

    ## Fix

    Keep one line.
    """
    if manifest.kind != "environment.yml":
        raise Skip("pixi joins what its features ask for")
    source = next((s for s in project.of(Source) if s.path == manifest.path), None)
    for first, *others in together(manifest.specs):
        for spec in others:
            if not clash((first, spec)):
                yield Problem(
                    spec.name,
                    f"`{spec.name}` is asked for here and on line {first.location.line}",
                    spec.location,
                    f"Keep one of `{first.text}` and `{spec.text}`."
                    if spec.text != first.text
                    else "Delete this line.",
                    edits=_edits(first, spec, source),
                )


def _edits(first: Spec, spec: Spec, source: Source | None) -> tuple[Edit, ...]:
    """The second of two lines that are the same, deleted."""
    if source is None or spec.text != first.text:
        return ()
    line = source.line(spec.location.line)
    if line.strip() not in (f"- {spec.text}", f'- "{spec.text}"', f"- '{spec.text}'"):
        return ()
    end = "\n" if spec.location.line < len(source.lines) else ""
    return (Edit(replace(spec.location, column=1, length=len(line)), line + end, ""),)
