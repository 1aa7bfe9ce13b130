"""Files written whole or not at all, several as one as far as a file system allows.

Each text goes to a temporary file beside its target, is forced to the disk and takes the
target's place by a rename; only when all are on the disk is the first renamed, and when a
rename fails those before it are undone. A file that has its text already is left alone.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from conda_preflight.errors import UsageError, WriteError


def write_files(texts: Mapping[Path, str], root: Path) -> list[Path]:
    """Write the texts as UTF-8 and return the files that changed; a mode is kept.

    Links are followed inside ``root`` only. Raises UsageError, after which no file has
    changed, and WriteError for a text that cannot be encoded.
    """
    wanted = {_target(file, root): _encoded(text) for file, text in texts.items()}
    staged: dict[Path, Path] = {}
    try:
        before = {target: _bytes(target) for target in wanted}
        changed = [target for target in wanted if wanted[target] != before[target]]
        for target in changed:
            staged[target] = _temporary(target)
            _fill(staged[target], wanted[target], target)
        _replace(staged, before)
    except OSError as error:
        name = Path(error.filename).name if error.filename else "The lock"
        raise UsageError(f"{name} cannot be written: {error.strerror or error}") from None
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return changed


def replace_file(target: Path, data: bytes) -> None:
    """Put bytes in the place of a file, whole or not at all, with its mode; raises OSError."""
    temporary = _temporary(target)
    try:
        _fill(temporary, data, target)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _target(file: Path, root: Path) -> Path:
    """The file behind links; raises UsageError where it is outside of the root."""
    try:
        target = file.resolve()
        inside = target.is_relative_to(root.resolve())
        is_other = target.exists() and not target.is_file()
    except (OSError, RuntimeError):  # links in a circle
        raise UsageError(f"{file} is a link that leads nowhere") from None
    if not inside:
        raise UsageError(
            f"{file} leads out of the project, so it is not written",
            "Name a file in the project, or put a file in the place of the link.",
        )
    if is_other:
        raise UsageError(f"{file} is no file, so nothing can be written to it")
    return target


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise WriteError("A text holds half of a surrogate pair, which no file can") from None


def _bytes(target: Path) -> bytes | None:
    return target.read_bytes() if target.exists() else None


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")


def _fill(temporary: Path, data: bytes, target: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if target.exists():
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))


def _replace(staged: Mapping[Path, Path], before: Mapping[Path, bytes | None]) -> None:
    """Rename each file to its target; what was renamed is undone when one fails."""
    done: list[Path] = []
    try:
        for target, temporary in staged.items():
            temporary.replace(target)
            done.append(target)
    except BaseException:
        for target in done:
            _restore(target, before[target])
        raise
    for folder in {target.parent for target in staged}:
        _sync(folder)


def _restore(target: Path, data: bytes | None) -> None:
    if data is None:
        target.unlink()
    else:
        replace_file(target, data)


def _sync(folder: Path) -> None:
    """Force a rename to the disk, where folders can be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):  # a file system may have no such thing
        os.fsync(descriptor)
    os.close(descriptor)
