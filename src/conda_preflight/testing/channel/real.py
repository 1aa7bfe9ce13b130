"""Real channels: the running interpreter and wheels from a package index."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.testing.channel import artifact
from conda_preflight.testing.channel.index import index_channel
from conda_preflight.testing.channel.interpreter import ABI, interpreter_packages
from conda_preflight.testing.channel.wheel import write_wheel

_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "conda-preflight")


def write_real_channel(channel: Path, wheels: Iterable[Path], *, level: int = 3) -> Path:
    """Write a channel of the running interpreter and of these wheels, and return its directory.

    A program in a prefix installed from it runs. ``level`` is that of zstd.
    """
    for package in interpreter_packages():
        artifact.write(package, channel, level=level)
    for wheel in wheels:
        write_wheel(wheel, channel, level=level)
    index_channel(channel)
    return channel


def download_wheels(requirements: Iterable[str]) -> list[Path]:
    """Wheels of these requirements and of all that they need, from pip's index or the cache.

    The cache is the directory ``CONDA_PREFLIGHT_WHEELS``, or ``wheels`` in that of the user;
    what is there is taken as it is, without asking for newer versions. Raises PreflightError
    when pip finds none.
    """
    asked = sorted(set(requirements))
    cache = Path(os.environ.get("CONDA_PREFLIGHT_WHEELS", _CACHE / "wheels"))
    folder = cache / f"{ABI}-{_digest(asked)}"
    if not folder.is_dir():
        with _made_whole(folder) as empty:
            _pip_download(asked, empty)
    return sorted(folder.glob("*.whl"))


def cached_channel(requirements: Iterable[str]) -> Path:
    """A real channel that is made once and kept in the user's cache; it must not be changed.

    It is made anew when the wheels, the interpreter or this package change.
    """
    wheels = download_wheels(requirements)
    made_from = [*wheels, *sorted(Path(__file__).parent.glob("*.py"))]
    key = _digest([sys.version, sys.base_prefix, *(_digest_of(file) for file in made_from)])
    channel = _CACHE / "channels" / key
    if not channel.is_dir():
        with _made_whole(channel) as empty:
            write_real_channel(empty, wheels)
    return channel


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """A directory that appears under its name when it is whole, whoever else makes it too."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as draft:
        yield Path(draft)
        with contextlib.suppress(OSError):  # another process was first
            Path(draft).rename(folder)


def _pip_download(requirements: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    done = subprocess.run(  # noqa: S603
        [*command, "--dest", str(folder), *requirements],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = done.stderr.strip().rpartition("\n")[2]
        raise PreflightError(f"pip cannot download the wheels of {', '.join(requirements)}: {why}")


def _digest(texts: Iterable[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


def _digest_of(file: Path) -> str:
    return f"{file.name} {sha256(file.read_bytes()).hexdigest()}"
