"""Writes the files of a new project beside what is there, and never over it unless told to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from conda_preflight.errors import ReadError, UsageError
from conda_preflight.grammar.url import redact
from conda_preflight.lockfiles.writing import write_files
from conda_preflight.opening import decode, read_bytes, refuse_outside
from conda_preflight.plain import value_type
from conda_preflight.scaffolding import readme
from conda_preflight.scaffolding.files import README
from conda_preflight.writers.escaping import visible

NEW, SAME, KEPT, REPLACED = "new", "as it is", "kept", "replaced"


@value_type
class Planned:
    """One file: its name, the text that it is to have, what it has, and what happens to it."""

    name: str
    text: str
    before: str
    state: str

    @property
    def is_written(self) -> bool:
        """Whether anything is written."""
        return self.state in (NEW, REPLACED)


def plan(folder: Path, texts: Mapping[str, str], section: str, *, force: bool) -> list[Planned]:
    """What is to be done, file by file; ``section`` is what a README that is there is to have.

    Raises UsageError where a file that is there cannot be read or leads out of the folder.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder", "Name a folder, or one to be made.")
    return [_planned(folder, name, text, section, force) for name, text in texts.items()]


def _planned(folder: Path, name: str, text: str, section: str, force: bool) -> Planned:  # noqa: FBT001
    before = _before(folder / name, folder)
    if before is None:
        return Planned(name, text, "", NEW)
    wanted = _with_section(before, section, folder / name) if name == README else text
    if before == wanted:
        return Planned(name, wanted, before, SAME)
    return Planned(name, wanted, before, REPLACED if force else KEPT)


def _with_section(before: str, section: str, file: Path) -> str:
    try:
        return readme.placed(before, section)
    except ReadError as error:
        raise UsageError(f"{file}:{error.line}: {error.message}", error.hint) from None


def _before(file: Path, root: Path) -> str | None:
    if not file.exists() and not file.is_symlink():
        return None
    try:
        refuse_outside(file, root)
        return decode(read_bytes(file))[0]
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def write(folder: Path, planned: Sequence[Planned]) -> None:
    """Write all of it, or nothing; folders that were made for nothing are taken away again."""
    texts = {folder / each.name: each.text for each in planned if each.is_written}
    made = list(_made({folder, *(file.parent for file in texts)}))
    try:
        write_files(texts, folder)
    except BaseException:
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir()
        raise


def _made(folders: set[Path]) -> Iterator[Path]:
    """The folders that were not there, each after the one that it lies in."""
    for folder in sorted(folders):
        for each in (*reversed(folder.parents), folder):
            if not each.exists():
                each.mkdir()
                yield each


def diff(planned: Sequence[Planned]) -> Iterator[str]:
    """What would be written, as a unified diff with credentials masked."""
    for each in planned:
        if each.is_written:
            old = f"a/{each.name}" if each.before else "/dev/null"
            rows = each.before.splitlines(), each.text.splitlines()
            shown = unified_diff(*rows, old, f"b/{each.name}", lineterm="")
            yield from (visible(redact(row)) for row in shown)
