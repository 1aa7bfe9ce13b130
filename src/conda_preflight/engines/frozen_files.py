"""Puts the marks of a freeze into a prefix and takes them out again; never follows a link."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from conda_preflight.durable import write_new
from conda_preflight.errors import UsageError
from conda_preflight.freezing.marks import RECORD
from conda_preflight.freezing.record import MAX_BYTES, WRITE, Before, Mark

_MODE = 0o444
_PART = ".preflight-freeze."
_MAX_BEFORE = 1 << 20
_META = "conda-meta"


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Only one process at a time freezes or unfreezes a prefix; raises UsageError."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        descriptor = os.open(root / _META, flags)
    except OSError:
        raise UsageError(f"{root} is no environment: it has no folder conda-meta") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UsageError(f"{root} is being frozen or unfrozen by another process") from None
    finally:
        os.close(descriptor)


def read(file: Path, limit: int = _MAX_BEFORE) -> bytes | None:
    """The bytes of a regular file, None where there is none; raises UsageError for too many."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode):
            return None
        if found.st_size > limit:
            raise UsageError(f"{file} is too large for what it is: {found.st_size:,} bytes")
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
            return stream.read(limit)
    except FileNotFoundError:
        return None


def before(file: Path) -> Before | None:
    """What stands where a mark will be put; raises UsageError for what is neither file nor link."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return None
    owner = found.st_uid, found.st_gid
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISLNK(found.st_mode):
        return Before(b"", mode, found.st_mtime_ns, owner, str(file.readlink()))
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{file} is no file, so it cannot be replaced")
    return Before(read(file) or b"", mode, found.st_mtime_ns, owner)


def put(root: Path, mark: Mark) -> bool:
    """Write a mark, whole or not at all; whether it was not there yet."""
    file = root / mark.path
    if read(file) == mark.data:
        return False
    _write(file, mark.data, _MODE)
    return True


def part_with(root: Path, path: str) -> None:
    """Put a copy in the place of a file that has names elsewhere too; raises OSError."""
    file = root / path
    found = file.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_nlink == 1:
        return
    part = _part(file)
    part.unlink(missing_ok=True)
    shutil.copyfile(file, part, follow_symlinks=False)
    with contextlib.suppress(OSError):
        os.chown(part, found.st_uid, found.st_gid)
    shutil.copystat(file, part)
    part.replace(file)


def is_part_of(path: str, copied: Collection[str]) -> bool:
    """Whether a path is an unfinished copy of one of these."""
    folder, _, name = path.rpartition("/")
    whole = name.removeprefix(_PART)
    return whole != name and (f"{folder}/{whole}" if folder else whole) in copied


def is_part(path: str) -> bool:
    """Whether a path is a file that a freeze had not finished."""
    return path.rpartition("/")[2].startswith(_PART)


def put_back(root: Path, mark: Mark) -> bool:
    """Make what stood there before; whether the mark was another than the freeze wrote."""
    file = root / mark.path
    _part(file).unlink(missing_ok=True)
    found = read(file)
    if mark.before is None:
        file.unlink(missing_ok=True)
    elif mark.before.link:
        _part(file).symlink_to(mark.before.link)
        _own(_part(file), mark.before)
        _part(file).replace(file)
    else:
        _write(file, mark.before.data, mark.before.mode, mark.before)
    return found is not None and found not in (mark.data, mark.before and mark.before.data)


def _write(file: Path, data: bytes, mode: int, like: Before | None = None) -> None:
    part = _part(file)
    part.unlink(missing_ok=True)
    write_new(part, data, mode)
    if like:
        _own(part, like)
    part.replace(file)


def _own(file: Path, like: Before) -> None:
    """The owner where that may be set, and the time."""
    with contextlib.suppress(OSError):
        os.chown(file, *like.owner, follow_symlinks=False)
    os.utime(file, ns=(like.mtime, like.mtime), follow_symlinks=False)


def _part(file: Path) -> Path:
    return file.with_name(f"{_PART}{file.name}")


def write_record(root: Path, data: bytes) -> None:
    """Put the record into the prefix; until it is there whole, nothing else is done.

    The unfinished one is named after the time of its folder, which its making changes.
    """
    if len(data) > MAX_BYTES:
        raise UsageError(f"{root} holds more files than a record of a freeze can")
    meta = root / _META
    part = meta / f"{_PART}{meta.lstat().st_mtime_ns}"
    write_new(part, data, _MODE)
    part.replace(root / RECORD)


def remove_record(root: Path, time: int) -> None:
    """Take the record away, and give its folder the time that it had before."""
    (root / RECORD).unlink()
    set_time(root / _META, time)


def clear_parts(root: Path) -> bool:
    """Remove a record that was never finished, as if it had not been begun; whether one was."""
    meta = root / _META
    found = sorted(path for path in meta.iterdir() if path.name.startswith(_PART))
    times = [int(end) for path in found if (end := path.name.removeprefix(_PART)).isdigit()]
    for path in found:
        path.unlink()
    if times:
        set_time(meta, min(times))
    return bool(found)


def set_time(folder: Path, time: int) -> None:
    """Give a folder its time, in nanoseconds."""
    os.utime(folder, ns=(time, time), follow_symlinks=False)


def take_bits(file: Path, bits: int) -> bool:
    """Take write bits of a file or folder away; whether it had any of them."""
    mode = stat.S_IMODE(file.lstat().st_mode)
    if not mode & bits:
        return False
    file.chmod(mode & ~bits)
    return True


def give_bits(file: Path, bits: int) -> None:
    """Give write bits back to a file or folder; a link is left alone, and what is gone."""
    with contextlib.suppress(FileNotFoundError):
        found = file.lstat()
        if not stat.S_ISLNK(found.st_mode) and (bits & WRITE) & ~found.st_mode:
            file.chmod(stat.S_IMODE(found.st_mode) | (bits & WRITE))
