"""The section of a README that says how a project is built and verified."""

from __future__ import annotations

from conda_preflight.grammar.marked_section import BEGIN, END, marks_of
from conda_preflight.scaffolding.answers import Answers


def section(answers: Answers) -> str:
    """The section with its marks."""
    image = "docker build .               # the image\n" if answers.machine.has_image else ""
    return f"""\
{BEGIN}
## Environment

`{answers.environment}` is declared in `environment.yml` and locked in `conda-lock.yml`.

```bash
conda-preflight lock         # solve again, after a change of environment.yml
conda-preflight audit        # GO or NO-GO
conda-preflight rebuild      # made twice from the lock, compared, tried
{image}```
{END}
"""


def whole(answers: Answers) -> str:
    """A README for a project that has none."""
    return f"# {answers.project}\n\n{answers.task.sentence}\n\n{section(answers)}"


def placed(text: str, new: str) -> str:
    """A README with the section in the place of the old one, else at its end.

    Raises ReadError where its marks are broken.
    """
    rows = text.split("\n")
    marks = marks_of(rows)
    if marks is None:
        return f"{text.rstrip()}\n\n{new}" if text.strip() else new
    return "\n".join([*rows[: marks.begin - 1], *new.rstrip("\n").split("\n"), *rows[marks.end :]])
