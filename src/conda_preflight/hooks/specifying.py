"""A lock for ``conda create`` and ``conda env create``: its packages by address and digest.

conda installs such packages as it does those of an explicit list: without a solver, and what it
downloads only where the digest is that of the lock; files of ``file://`` it does not compare, so
that is done here. It leaves out what pip would have to install, and two of its commands leave out
explicit packages too, without a word; there a lock is refused.
Source: conda's ``cli/install.py``, ``cli/main_env_update.py`` and ``cli/main_compare.py``.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda.base.context import context
from conda.exceptions import CondaValueError
from conda.plugins.types import EnvironmentSpecBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conda_preflight.documents import Lock, Package
    from conda_preflight.errors import PreflightError

NAMES = (
    "conda-lock.yml",
    "conda-lock.yaml",
    "*.conda-lock.yml",
    "*.conda-lock.yaml",
    "pixi.lock",
)
"""Files that are read; no other one is opened."""
_DEAF = ("main_env_update", "main_compare")
_SHOWN = 5
_USUAL = ("", "default")


class LockSpec(EnvironmentSpecBase):
    """A lock file in the words of conda's plugins."""

    def __init__(self, filename: str | None = None, **_: Any) -> None:  # noqa: ANN401
        self._name = filename or ""
        self._file = Path(self._name)
        self._known: Lock | None = None

    def can_handle(self) -> bool:
        """Whether it is a lock on this disk, by its name and then what is in it.

        Raises CondaValueError where the name is one of a lock and the file is none.
        """
        if not any(fnmatch(self._file.name, name) for name in NAMES):
            return False
        if "://" in self._name:
            raise CondaValueError("A lock is read from a file. Download it first.")
        return bool(self._lock)

    @property
    def available_platforms(self) -> tuple[str, ...]:
        """The platforms that it was locked for, as conda calls them."""
        lock = self._lock
        return tuple(dict.fromkeys(lock.subdirs.get(p, p) for p in lock.platforms))

    @property
    def env(self) -> Any:  # noqa: ANN401  (conda's Environment)
        """What it holds for this platform."""
        return self.env_for(context.subdir)

    def env_for(self, platform: str) -> Any:  # noqa: ANN401  (conda's Environment)
        """What it holds for a platform; the packages are fetched and compared with their digests.

        Raises CondaValueError for what conda would leave out or could not compare.
        """
        from conda.misc import get_package_records_from_explicit
        from conda.models.environment import Environment

        _refuse_command()
        locked = self._locked(platform)
        packages = list(get_package_records_from_explicit(_lines(locked)))
        _compare_local({package.name: package for package in locked.packages}, packages)
        return Environment(platform=platform, explicit_packages=packages)

    @property
    def _lock(self) -> Lock:
        if self._known is None:
            self._known = _read(self._file)
        return self._known

    def _locked(self, platform: str) -> Lock:
        """The part of the lock for a platform."""
        from dataclasses import replace

        lock = self._lock
        named = tuple(p for p in lock.platforms if lock.subdirs.get(p, p) == platform)
        own = tuple(p for p in lock.packages if p.platform in named)
        _refuse_lost([p.name for p in own if p.manager != "conda"])
        _refuse_unknown([p.name for p in own if not (p.sha256 or p.md5)])
        return replace(lock, packages=own, platforms=named)


def _lines(lock: Lock) -> list[str]:
    """The lines of an explicit list; raises CondaValueError for what cannot stand in one."""
    from conda_preflight.errors import WriteError
    from conda_preflight.lockfiles import explicit_list

    try:
        (text,) = explicit_list.write(lock).values()
    except WriteError as error:
        raise _told(error) from error
    return [line for line in text.splitlines() if line and line[0] not in "#@"]


def _compare_local(locked: Mapping[str, Package], records: Iterable[Any]) -> None:
    """Raise CondaValueError where a package from this disk is not the one that was locked."""
    from conda_preflight.engines.archives import Archive, verify
    from conda_preflight.errors import PreflightError

    for record in records:
        package = locked[record.name]
        if package.url.startswith(("http://", "https://")):
            continue
        file = Path(record.package_tarball_full_path)
        check = "sha256" if package.sha256 else "md5"
        try:
            verify(Archive(package, file, check, "file"))
        except PreflightError as error:
            raise _told(error) from error


def _told(error: PreflightError) -> CondaValueError:
    """An error of ours as one of conda's; what a lock says in it cannot act on a terminal."""
    from conda_preflight.writers.escaping import visible

    return CondaValueError(visible(f"{error.message}. {error.hint}".strip()))


def _read(file: Path) -> Lock:
    """The lock in a file, or the usual one of several; raises CondaValueError."""
    from conda_preflight.documents import Lock
    from conda_preflight.errors import UsageError
    from conda_preflight.intake import read_named

    try:
        documents = read_named(file, Lock)
    except UsageError as error:
        raise _told(error) from error
    locks = [doc for doc in documents if isinstance(doc, Lock)]
    usual = [lock for lock in locks if lock.environment in _USUAL] if len(locks) > 1 else locks
    if not usual:
        names = _some([lock.environment for lock in locks])
        raise CondaValueError(f"{file} has several environments and no default: {names}")
    return usual[0]


def _refuse_command() -> None:
    function = str((getattr(context, "_argparse_args", None) or {}).get("func", ""))
    if any(name in function for name in _DEAF):
        raise CondaValueError(
            "This command of conda passes over the packages of a lock without a word. "
            "Use `conda create --file`, and `conda preflight diff` to compare."
        )


def _refuse_lost(names: list[str]) -> None:
    from conda_preflight.writers.wording import number

    if names:
        count = number(len(names), "package")
        raise CondaValueError(
            f"The lock has {count} of pip ({_some(names)}), which conda would leave "
            "out. `conda preflight lock --format explicit` writes both halves as files for "
            "`conda create` and `pip install --require-hashes`; micromamba installs the lock as "
            "it is."
        )


def _refuse_unknown(names: list[str]) -> None:
    if names:
        raise CondaValueError(f"The lock has no digest of {_some(names)}. Lock it again.")


def _some(names: list[str]) -> str:
    from conda_preflight.writers.escaping import visible

    more = len(names) - _SHOWN
    return visible(", ".join(names[:_SHOWN])) + (f" and {more} more" if more > 0 else "")
