"""Moves things into a trash beside them and back, each by one rename of what was seen before."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from conda_preflight.cleaning.journal import Move
from conda_preflight.errors import PreflightError
from conda_preflight.plain import value_type

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class MoveError(PreflightError):
    """A thing could not be moved; it is where it was."""


@value_type
class Standing:
    """Where a thing is: at its source, in the trash, at both, or nowhere."""

    at_source: bool
    in_trash: bool


def standing(move: Move) -> Standing:
    """What the disk says of a move; another thing at the source counts as something there."""
    return Standing(os.path.lexists(move.source), _is(move.target, move))


def away(move: Move, *, lasting: bool = True) -> None:
    """Move a thing into the trash; raises MoveError.

    One that is not to last need not be forced to the disk: it is deleted at once.
    """
    run = Path(move.target).parent
    if not _is(move.source, move):
        raise MoveError(f"{move.source} is gone, or something else has taken its place")
    try:
        for folder in (run.parent, run):
            _make(folder)
        _rename(move.source, move.target, lasting=lasting)
    except OSError as error:
        raise MoveError(f"{move.source} stays: {_why(error)}") from None


def back(move: Move) -> None:
    """Move a thing to where it was; raises MoveError where something is there now."""
    if os.path.lexists(move.source):
        raise MoveError(f"{move.source} cannot be put back: something else is there now")
    try:
        Path(move.source).parent.mkdir(parents=True, exist_ok=True)
        _rename(move.target, move.source)
    except OSError as error:
        raise MoveError(f"{move.source} cannot be put back: {_why(error)}") from None
    clear(move)


def clear(move: Move) -> None:
    """Delete the folders of the trash that a thing was in, as far as they are empty."""
    run = Path(move.target).parent
    for folder in (run, run.parent):
        with suppress(OSError):
            folder.rmdir()


def _make(folder: Path) -> None:
    """A folder of our own; one that somebody else put there is not used."""
    folder.mkdir(exist_ok=True, mode=0o700)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, f"{folder} is not this user's folder")


def _is(path: str, move: Move) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return found.st_ino == move.inode and found.st_dev == move.device


def _rename(source: str, target: str, *, lasting: bool = True) -> None:
    """One rename between open folders, so that no link put in the way in between is followed.

    A folder without the right to write cannot get another parent; it gets that right for the
    moment of the rename.
    """
    old, new = os.path.split(source), os.path.split(target)
    here = os.open(old[0], _FOLDER)
    try:
        there = os.open(new[0], _FOLDER)
        try:
            try:
                os.rename(old[1], new[1], src_dir_fd=here, dst_dir_fd=there)
            except PermissionError:
                _rename_closed(old[1], new[1], here, there)
            for folder in (there, here) if lasting else ():
                os.fsync(folder)
        finally:
            os.close(there)
    finally:
        os.close(here)


def _rename_closed(name: str, fresh: str, here: int, there: int) -> None:
    descriptor = os.open(name, os.O_PATH | _FOLDER, dir_fd=here)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        link = f"/proc/self/fd/{descriptor}"
        if mode & stat.S_IWUSR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        os.chmod(link, mode | stat.S_IWUSR)  # noqa: PTH101
        try:
            os.rename(name, fresh, src_dir_fd=here, dst_dir_fd=there)
        finally:
            os.chmod(link, mode)  # noqa: PTH101
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    if error.errno == errno.EXDEV:
        return "it lies in a lower layer of a container or on a mount of its own"
    return error.strerror or str(error)
