"""manifest/included-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Requirement, Requirements
from conda_preflight.grammar.included import paths
from conda_preflight.grammar.relative_path import from_top
from conda_preflight.report import Problem, Severity


@check("manifest/included-file", Severity.ERROR)
def included_file(doc: Manifest | Requirements, project: Project) -> Iterator[Problem]:
    """A file that is included for pip is not there, or cannot be relied on.

    pip refuses to install anything when a file behind `-r` or `-c` is missing (error, when
    the whole project is audited). One behind a URL or outside the project changes without
    notice (warning). One that is there is audited like the rest, but tools that make a lock
    from the manifest do not read it, and what it asks for is missing from the lock (note),
    unless each of its lines has a hash: then it is a lock itself.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -r requirements.txt
    ```

    ```text requirements.txt
    -c https://example.org/constraints.txt
    numpy==1.26.4
    ```

    ## Passes

    ```text requirements.txt
    -r more-requirements.txt
    numpy==1.26.4
    ```

    ```text more-requirements.txt
    einops==0.8.0
    ```

    ```text requirements.txt
    einops==0.8.0 --hash=sha256:f4e736631de08554aed4eaaa9b60c615c5fbf0c82452c3beafaaac0b3a65de00
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -r requirements.txt
    ```

    ## Fix

    Write the requirements themselves into the pip section.
    """
    found = [req for req in doc.pip if req.kind in ("include", "constraint") and req.value]
    hashed = frozenset(file.path for file in project.of(Requirements) if file.hashed)
    for req in found:
        yield from _judge(req, doc, paths(project), hashed, whole=project.path == ".")


def _judge(
    req: Requirement,
    doc: Manifest | Requirements,
    there: frozenset[str],
    hashed: frozenset[str],
    *,
    whole: bool,
) -> Iterator[Problem]:
    path = from_top(doc.path, req.value)
    short = "-r" if req.kind == "include" else "-c"
    written = f"{short} {req.value}"
    fix = "Write its requirements into this file, with exact versions."
    if path is None and (whole or ".." not in req.value):
        message = f"`{written}` lies outside the project, so what is installed can change unseen"
        yield Problem(req.value, message, req.location, fix, Severity.WARNING)
    elif whole and path not in there:
        message = f"`{written}` names a file that is not in the project; pip stops there"
        yield Problem(req.value, message, req.location, f"Add `{path}`, or delete the line.")
    elif isinstance(doc, Manifest) and req.kind == "include" and path not in hashed:
        message = f"What `{req.value}` asks for is not in a lock that is made from this manifest"
        yield Problem(req.value, message, req.location, fix, Severity.NOTE)
