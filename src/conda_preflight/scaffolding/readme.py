"""The section of a README that says how a project is built and verified."""

from __future__ import annotations

from conda_preflight.grammar.marked_section import BEGIN, END, marks_of


def section(environment: str, *, has_image: bool) -> str:
    """The section with its marks."""
    image = "docker build .               # the image\n" if has_image else ""
    return f"""\
{BEGIN}
## Environment

`{environment}` is declared in `environment.yml` and locked in `conda-lock.yml`.

```bash
conda-preflight lock         # solve again, after a change of environment.yml
conda-preflight audit        # GO or NO-GO
conda-preflight rebuild      # made twice from the lock, compared, tried
{image}```
{END}
"""


def whole(project: str, sentence: str, own: str) -> str:
    """A README for a project that has none, with its section."""
    return "\n\n".join(filter(None, (f"# {project}", sentence, own)))


def placed(text: str, new: str) -> str:
    """A README with the section in the place of the old one, else at its end.

    Raises ReadError where its marks are broken.
    """
    rows = text.split("\n")
    marks = marks_of(rows)
    if marks is None:
        return f"{text.rstrip()}\n\n{new}" if text.strip() else new
    return "\n".join([*rows[: marks.begin - 1], *new.rstrip("\n").split("\n"), *rows[marks.end :]])
