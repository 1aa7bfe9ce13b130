"""What ``init`` says: what happens to each file, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from conda_preflight.language import say, word
from conda_preflight.writers.escaping import visible
from conda_preflight.writers.excerpt import cells

_ONE_KEPT = "{count} file was there already and kept; --diff with --force shows the change."
_KEPT = "{count} files were there already and kept; --diff with --force shows the change."


def files(states: Mapping[str, str]) -> Iterator[str]:
    """A line for each file by its name."""
    told = {name: word(state) for name, state in states.items()}
    width = max(map(cells, told.values()), default=0)
    for name, state in told.items():
        yield f"  {state}{' ' * (width - cells(state))}  {visible(name)}"


def table(rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """The columns of a table with all rows as wide as the widest."""
    shown = [tuple(map(visible, row)) for row in rows]
    widths = [max(map(len, column), default=0) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def kept(names: Sequence[str]) -> Iterator[str]:
    """What is said where files were there already."""
    if names:
        yield say(_ONE_KEPT if len(names) == 1 else _KEPT, count=len(names))


def next_steps(
    where: str, *, image_of: str, platform: str, has_smoke: bool, in_git: bool
) -> Iterator[str]:
    """The commands that come next, to be typed in this order.

    ``image_of`` is the task of the image, empty where there is none; ``in_git`` is true where
    the folder is under version control, and what is new in it is not.
    """
    tried = "make it twice, compare, import what is asked for"
    tried = "make it twice, compare, run smoke_test.py" if has_smoke else tried
    at = f" {visible(where)}" if where != "." else ""
    other = "" if platform == "linux-64" else f" --platform {platform}"
    rows = [(f"git add {visible(where)}", "what git does not know is told as an error")]
    rows = [
        *(rows if in_git else []),
        (f"conda-preflight lock{at}", "solve, and write the lock; then delete the waiver"),
        (f"conda-preflight audit{at}", "GO or NO-GO"),
        (f"conda-preflight rebuild{at}", tried),
    ]
    if image_of:
        image = f"conda-preflight image dockerfile{at} --task {image_of}{other} --force"
        rows.append((image, "the Dockerfile, from the lock"))
    width = max(len(command) for command, _ in rows)
    yield word("Next:")
    for command, what in rows:
        yield f"  {command:<{width}}  # {word(what)}"
