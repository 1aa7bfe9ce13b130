"""manifest/prefix-left-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Source
from conda_preflight.report import Edit, Problem, Severity


@check("manifest/prefix-left-in", Severity.WARNING)
def prefix_left_in(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """The manifest names a directory of the machine that it was exported on.

    `conda env export` writes `prefix:` at the end. The path is of no use elsewhere, tells the
    names of people and machines, and makes two exports of one environment differ.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    prefix: /home/somebody/miniconda3/envs/chatbot
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    prefix:
    ```

    ## Fix

    Delete the line. `conda-preflight audit --fix` does it.
    """
    if manifest.prefix is not None:
        yield Problem(
            "prefix",
            f"`prefix: {manifest.prefix.text[:200]}` is a directory of one machine",
            manifest.prefix.location,
            "Delete the line.",
            edits=_edits(manifest, project),
        )


def _edits(manifest: Manifest, project: Project) -> tuple[Edit, ...]:
    """The line without which the file is the same, where it holds nothing else."""
    source = next((s for s in project.of(Source) if s.path == manifest.path), None)
    at = manifest.prefix.location if manifest.prefix else manifest.location
    line = source.line(at.line) if source else ""
    if source is None or not line.startswith("prefix:") or at.length == 0:
        return ()
    if line[at.column - 1 + at.length :].partition("#")[0].strip():
        return ()
    end = "\n" if at.line < len(source.lines) else ""
    return (Edit(replace(at, column=1, length=len(line)), line + end, ""),)
