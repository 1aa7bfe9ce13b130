"""``docs``: where the section about the environment stands, what it would be, and writing it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import unified_diff
from pathlib import Path

from conda_preflight.actions.describe import described
from conda_preflight.actions.marked_file import MarkedFile, opened
from conda_preflight.answers.docs_changes import changes
from conda_preflight.answers.docs_section import HEADING, Shape, day_of, heading_of, section
from conda_preflight.config import Settings
from conda_preflight.errors import PreflightError, ReadError, UsageError
from conda_preflight.opening import decode, open_source, refuse_outside
from conda_preflight.output import write_bytes_atomically
from conda_preflight.plain import document_type
from conda_preflight.writers.escaping import visible

USUAL = "README.md"
_PAGES = (".md", ".markdown", ".mkd")
_MAX_TEMPLATE = 64 * 1024


@document_type
class Draft:
    """A page, and the lines that its section is to have.

    They tell the day of the present section as long as nothing else changed, so that no section
    is out of date by its date alone.
    """

    page: MarkedFile
    lines: tuple[str, ...]

    @property
    def in_step(self) -> bool:
        """Whether the section is as it is to be."""
        return self.page.section == self.lines

    @property
    def data(self) -> bytes:
        """The bytes of the page as it is to be."""
        return self.page.data if self.in_step else self.page.replaced(self.lines)


def draft(root: Path, settings: Settings, today: date) -> Draft:
    """What the page of a project is to say.

    Raises UsageError and PreflightError where there is nothing to describe, or nowhere to write.
    """
    if not root.is_dir():
        raise UsageError(f"{root} is no directory", "Name the directory of a project.")
    page = opened(root, page_name(root, settings.docs.file))
    description = described(root, settings, today)
    heading = heading_of(page.section) if page.marks else HEADING
    shape = Shape(settings.docs.parts, heading, _template(root, settings.docs.template))
    kept = section(description, day_of(page.section) or today.isoformat(), shape)
    in_step = list(page.section) == kept
    return Draft(page, tuple(kept if in_step else section(description, today.isoformat(), shape)))


def page_name(root: Path, named: str = "") -> str:
    """The page that is written: the named one, else the README of the directory, else a new one.

    Raises UsageError for a README in another language than Markdown.
    """
    if named:
        return _named(named)
    files = sorted(each.name for each in root.iterdir())
    readmes = [name for name in files if name.lower().partition(".")[0] == "readme"]
    pages = [name for name in readmes if name.lower().endswith(_PAGES)]
    if pages:
        return USUAL if USUAL in pages else pages[0]
    if readmes:
        hint = 'Set [docs] file = "ENVIRONMENT.md" in the settings, and link to it.'
        raise UsageError(f"{readmes[0]} is no Markdown, which the section is written in", hint)
    return USUAL


def written(made: Draft) -> Iterator[str]:
    """Write the page where it is not as it is to be; yields a sentence about what was done."""
    name = visible(made.page.name)
    if made.in_step:
        yield f"{name} is in step"
        return
    write_bytes_atomically(made.page.file, made.data)
    if made.page.is_new:
        yield f"{name} was made, with a section about the environment"
    elif made.page.marks:
        yield f"{name}: the section of line {made.page.marks.begin} was written anew"
    else:
        yield f"{name}: a section about the environment was put at its end; move it as you like"


def faults(made: Draft, today: date) -> Iterator[str]:
    """What is out of date, line by line; none where the section is in step."""
    if made.in_step:
        return
    marks = made.page.marks
    if not marks:
        yield f"{made.page.name}: has no section about the environment"
        return
    old = made.page.section
    if not day_of(old):
        yield f"{made.page.name}:{marks.begin}: `conda-preflight docs` has not written this section"
        return
    first = made.lines[0].replace(today.isoformat(), day_of(old))  # the day is no fault
    new = [first, *made.lines[1:]]
    yield from changes(made.page.name, marks.begin + 1, old, new)


def diff(made: Draft) -> str:
    """What writing would change, as a unified diff."""
    before, after = (decode(data)[0].splitlines() for data in (made.page.data, made.data))
    name = made.page.name
    lines = unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)


def _named(name: str) -> str:
    if not name.lower().endswith(_PAGES):
        raise UsageError(f"{name} is no Markdown by its name", "End it with .md.")
    return name


def _template(root: Path, name: str) -> str:
    if not name:
        return ""
    try:
        refuse_outside(root / name, root)
        source = open_source(root / name, name, root)
    except ReadError as error:
        raise PreflightError(f"The template {name}: {error.message}", error.hint) from None
    if source.size > _MAX_TEMPLATE:
        raise UsageError(f"The template {name} is larger than {_MAX_TEMPLATE // 1024} KiB")
    return source.text
