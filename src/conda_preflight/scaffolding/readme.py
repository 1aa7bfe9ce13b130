"""The section of a README that says how a project is built and verified."""

from __future__ import annotations

from conda_preflight.errors import UsageError
from conda_preflight.scaffolding.answers import Answers

BEGIN, END = "<!-- conda-preflight:begin -->", "<!-- conda-preflight:end -->"


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

    Raises UsageError where only one of the marks is there.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin and END not in text:
        return f"{text.rstrip()}\n\n{new}" if text.strip() else new
    if not begin or not end:
        raise UsageError(f"The README has one of {BEGIN} and {END}", "Write both, or none.")
    return head + new.rstrip("\n") + tail
