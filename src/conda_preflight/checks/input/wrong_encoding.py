"""input/wrong-encoding."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Project, Script, Source
from conda_preflight.report import Problem, Severity

_SAYS = {
    "utf-16": (
        Severity.WARNING,
        "The file is UTF-16, which conda reads and mamba, conda-lock, pip and Docker do not",
    ),
    "utf-8-sig": (
        Severity.NOTE,
        "The file begins with a byte-order mark, which some tools take for a part of the text",
    ),
    "latin-1": (
        Severity.ERROR,
        "The file is not UTF-8, so conda stops with an error or reads other characters",
    ),
}


@check("input/wrong-encoding", Severity.ERROR)
def wrong_encoding(source: Source, project: Project) -> Iterator[Problem]:
    """A file is not plain UTF-8.

    A redirect in Windows PowerShell (`conda env export > environment.yml`) writes UTF-16.
    conda tries that encoding too; mamba, micromamba, conda-lock, pip and Docker fail. Any
    other encoding makes every tool fail, or read letters that nobody wrote.

    Bytes that are not UTF-8 are an error, UTF-16 is a warning and a byte-order mark a note.
    A README is not judged.

    ## Fails

    ```yaml environment.yml
    \ufeffname: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ## Fix

    Write it again as UTF-8: `conda env export -f environment.yml`, or
    `iconv -f UTF-16 -t UTF-8`.
    """
    if any(script.path == source.path for script in project.of(Script)):
        raise Skip("prose may have any encoding")
    if source.encoding in _SAYS:
        severity, message = _SAYS[source.encoding]
        fix = "Save the file as UTF-8 without a byte-order mark."
        place = Location(source.path, _first_odd_line(source), 1)
        yield Problem("encoding", message, place, fix, severity)


def _first_odd_line(source: Source) -> int:
    if source.encoding != "latin-1":
        return 1
    return next((n for n, line in enumerate(source.lines, 1) if not line.isascii()), 1)
