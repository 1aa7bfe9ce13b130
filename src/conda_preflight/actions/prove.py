"""Tries to change a copy of a prefix by every way that is at hand, and tells what did."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from conda_preflight.engines import clean_process
from conda_preflight.engines.clean_process import Ended
from conda_preflight.engines.rattler_link import MARK
from conda_preflight.errors import UsageError
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.proving.attempts import Attempt, attempts
from conda_preflight.proving.copied import Copied, User
from conda_preflight.proving.ground import Ground, lay
from conda_preflight.proving.outcome import (
    BESIDE,
    CHANGED,
    IDLE,
    REFUSED,
    UNTRIED,
    Change,
    Proof,
    Result,
)
from conda_preflight.rebuilding import workplace

Told = Callable[[str, int, int], None]
_NOBODY = ("nobody", 65534)
_MAX_REASON = 200
_DENIED = lazy_pattern(r"(?i)permission denied|read-only file system|not permitted")
_TELLING = lazy_pattern(r"(?i)error|frozen|cannot|could not|refus|not writ")
_NOISE = lazy_pattern(r"(?i)^(?:warning|hint|traceback)")
_CONTROL = lazy_pattern(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f-\x9f]")


@document_type
class _Scene:
    """What all attempts share; ``seconds`` bound each."""

    ground: Ground
    copied: Copied
    user: User
    seconds: float


def prove(root: Path, seconds: float, told: Told) -> Proof:
    """Every attempt on a copy of a prefix, each from the same state; the prefix is only read.

    ``seconds`` bound each attempt. Raises UsageError where nothing can be tried.
    """
    with workplace.opened(Path(tempfile.gettempdir()), "conda-preflight-prove-") as work:
        user = _user()
        _open_to(user, work)
        (work / "compiled").mkdir(mode=0o777)
        (work / "compiled").chmod(0o777)
        copied = Copied(root, work / "env", user)
        try:
            ground = lay(copied.root, work, work / "home")
            return _proof(_Scene(ground, copied, user, seconds), told)
        finally:
            copied.release()


def _user() -> User:
    """Who tries: nobody where root asks, since rights do not bind root."""
    if os.geteuid():
        return User(_name(os.geteuid()), None)
    try:
        entry = pwd.getpwnam(_NOBODY[0])
    except KeyError:
        return User(str(_NOBODY[1]), (_NOBODY[1], _NOBODY[1]))
    return User(entry.pw_name, (entry.pw_uid, entry.pw_gid))


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _open_to(user: User, work: Path) -> None:
    """Let who tries into the folder; raises UsageError where a folder above keeps him out."""
    if not user.ids:
        return
    os.chown(work, *user.ids)
    home = clean_process.environment(work)
    ended = clean_process.run(["/bin/sh", "-c", "cd ."], home, work, 30.0, user=user.ids)
    if ended.code:
        text = f"{user.name} cannot work in {work}, so nothing was tried: {ended.reason}"
        raise UsageError(text, "Name a place that is open to all: TMPDIR=/var/tmp.")


def _proof(scene: _Scene, told: Told) -> Proof:
    every = list(attempts(scene.ground, scene.user, os.environ.get("PATH", os.defpath)))
    results = []
    for number, each in enumerate(every):
        told(f"Trying {each.name}", number, len(every))
        results.append(_tried(each, scene))
    copied = scene.copied
    return Proof(str(copied.original), scene.user.name, copied.files, tuple(results))


def _tried(each: Attempt, scene: _Scene) -> Result:
    user, copied = scene.user, scene.copied
    home = _fresh(scene.ground.home, user)
    if reason := each.missing or _closed(each, home, user):
        return Result(each.name, each.tool, UNTRIED, reason, is_beyond=each.is_beyond)
    ended = clean_process.run(
        each.words,
        _environment(home),
        home,
        scene.seconds,
        stdin=each.stdin,
        lifeline=each.by_hand,
        user=None if each.by_hand else user.ids,
    )
    changes = tuple(copied.changes())
    verdict = _verdict(ended, changes, home)
    said = _reason(ended) if verdict in (REFUSED, UNTRIED) else ""
    reason = said.replace(str(copied.root), str(copied.original))[:_MAX_REASON]
    spent = ended.seconds
    return Result(each.name, each.tool, verdict, reason, changes, spent, each.is_beyond)


def _fresh(home: Path, user: User) -> Path:
    """An empty home: what one attempt left there must not help the next."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(exist_ok=True)
    if user.ids:
        os.chown(home, *user.ids)
    return home


def _closed(each: Attempt, home: Path, user: User) -> str:
    """Why who tries cannot run the program at all, empty where he can."""
    if not each.probe:
        return ""
    ended = clean_process.run(each.probe, _environment(home), home, 60.0, user=user.ids)
    return f"{user.name} cannot run it: {_reason(ended)}" if ended.code or ended.late else ""


def _environment(home: Path) -> dict[str, str]:
    """Compiled code is kept beside the copy, so that a look at it is no change of it."""
    found = clean_process.environment(home)
    del found["PYTHONNOUSERSITE"]  # it would refuse --user in place of the freeze
    return found | {
        "PYTHONPYCACHEPREFIX": str(home.parent / "compiled"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_CACHE_DIR": str(home / "uv"),
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "CONDARC": str(home / "condarc"),
        "CONDA_PKGS_DIRS": str(home / "pkgs"),
        "MAMBA_ROOT_PREFIX": str(home / "mamba"),
    }


def _verdict(ended: Ended, changes: Iterable[Change], home: Path) -> str:
    if changes:
        return CHANGED
    if ended.late or ended.code == 127:  # noqa: PLR2004  (it could not be started)
        return UNTRIED
    if any(home.glob(".local/lib/python*/site-packages/*")):
        return BESIDE
    return REFUSED if ended.code else IDLE


def _reason(ended: Ended) -> str:
    """The line by which a program says why, else how it ended."""
    if ended.late:
        return ended.reason
    lines = [_CONTROL.sub("", line).strip() for line in _plain(ended.output).splitlines()]
    denied = [x for x in lines if _DENIED.search(x)]
    telling = [*denied, *(x for x in lines if _TELLING.search(x) and not _NOISE.match(x))]
    found = next(iter(telling), "") or next(filter(None, reversed(lines)), ended.reason)
    return redact(found)


def _plain(output: str) -> str:
    """What py-rattler's program says as JSON, as plain lines; other output as it is."""
    try:
        found = json.loads(output.lstrip(MARK.decode()))
        return str(found["error"])
    except (ValueError, LookupError, TypeError):
        return output
