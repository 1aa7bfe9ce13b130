"""The folder of a prefix: what it holds by name, read within limits and never outside of it."""

from __future__ import annotations

import os
from pathlib import Path

from conda_preflight.errors import ReadError
from conda_preflight.opening import read_bytes

MAX_ENTRIES = 50_000


class PrefixFolder:
    """A directory that was named as a prefix."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = os.path.realpath(root)
        self._inside: dict[str, bool] = {}  # folders that were looked at, links followed

    def entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What a folder of the prefix holds, by name; nothing where there is no such folder.

        It may hold more than MAX_ENTRIES, which the caller must not go through.
        """
        if not self.has_inside(folder):
            return []
        try:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return []

    def read(self, file: Path) -> bytes:
        """The bytes of a regular file of the prefix; raises ReadError."""
        if not self.has_inside(file):
            raise ReadError(
                "This is a link that leads out of the environment",
                "Reinstall the package that it belongs to.",
            )
        return read_bytes(file)

    def text(self, file: Path) -> bytes:
        """The bytes of a file that may be missing, or that nobody can read; then none."""
        try:
            return self.read(file) if os.path.lexists(file) else b""
        except ReadError:
            return b""

    def is_empty(self, folder: Path) -> bool:
        """Whether a folder is what is left of a project that was removed."""
        try:
            with os.scandir(folder) as entries:
                return next(entries, None) is None
        except OSError:
            return False

    def has_inside(self, file: Path) -> bool:
        """Whether a path, followed over all links, stays in the prefix."""
        folder, name = os.path.split(file)
        if name in ("", ".", "..") or os.path.islink(file):  # noqa: PTH114
            return self._holds(os.path.realpath(file))
        if folder not in self._inside:
            self._inside[folder] = self._holds(os.path.realpath(folder))
        return self._inside[folder] or self._holds(os.path.realpath(file))

    def _holds(self, real: str) -> bool:
        return real == self._real or real.startswith(self._real.rstrip(os.sep) + os.sep)

    def libraries(self) -> list[Path]:
        """The folders of Python's library, each once, however many links lead to it."""
        folders = [
            Path(entry.path)
            for entry in self.entries(self.root / "lib")[:MAX_ENTRIES]
            if entry.name.startswith(("python", "pypy")) and entry.is_dir()
        ]
        if not folders and (self.root / "Lib" / "site-packages").is_dir():
            folders = [self.root / "Lib"]
        real: dict[str, Path] = {}
        for folder in sorted(folders, key=os.path.islink):  # the folder itself before its links
            real.setdefault(os.path.realpath(folder), folder)
        return [folder for folder in real.values() if self.has_inside(folder)]

    def place(self, file: Path) -> str:
        """The path in the prefix, with forward slashes."""
        return file.relative_to(self.root).as_posix()
