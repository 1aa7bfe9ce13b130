"""Answers as pictures: one SVG file, or a page with tables beside the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.answers import phrases
from conda_preflight.chains import Answer
from conda_preflight.errors import UsageError
from conda_preflight.imaging.plan import Plan
from conda_preflight.ledger.answer import Line
from conda_preflight.pictures.picture import Picture
from conda_preflight.pictures.writing import svg

MAX_PICTURES = 20


def why(answer: Answer, subject: str, form: str) -> str:
    """The chains of an answer; raises UsageError where there are none."""
    from conda_preflight.pictures.presence import presence

    drawn = [presence(each) for each in answer.explanations]
    return _written(drawn, f"{answer.name} in {subject}", form)


def plan(plans: Sequence[Plan], subject: str, form: str) -> str:
    """The sizes in the layers of images; raises UsageError where none is known."""
    from conda_preflight.pictures.sizes import sizes

    drawn = [sizes(each, phrases.size) for each in plans]
    return _written(drawn, f"Image of {subject}", form)


def history(project: str, lines: Sequence[Line], form: str) -> str:
    """The findings of a project over time; raises UsageError where no audit is recorded."""
    from conda_preflight.pictures.timeline import timeline

    return _written([timeline(project, lines)], project, form)


def _written(drawn: Sequence[Picture | None], title: str, form: str) -> str:
    pictures = [each for each in drawn if each][:MAX_PICTURES]
    if not pictures:
        raise UsageError(f"{title}: there is nothing to draw", "--format text says what is known.")
    if form == "svg":
        return svg(pictures)
    from conda_preflight.writers.picture_page import write

    return write(pictures, title)
