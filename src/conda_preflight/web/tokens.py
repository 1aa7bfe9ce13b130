"""The file of tokens: what each may do; of the tokens themselves only their digests.

A token is 32 random bytes, so that a plain SHA-256 cannot be turned back.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.output import write_atomically
from conda_preflight.plain import value_type

READ, POST = "read", "post"
SCOPES = (READ, POST)
_LEAD = "cpf_"
_BYTES = 32


@value_type
class Token:
    """What is kept of one; ``projects`` are globs of those it may post for."""

    name: str
    scope: str
    projects: tuple[str, ...]
    sha256: str
    created: str

    def covers(self, project: str) -> bool:
        """Whether it may post for a project."""
        return any(fnmatchcase(project, each) for each in self.projects)


class TokenFile:
    """The tokens of a file, read again when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: tuple[int, int] = (-1, -1)
        self._by_digest: dict[str, Token] = {}

    def find(self, secret: str) -> Token | None:
        """The token whose secret this is, None for no such; raises UsageError."""
        now = self._file.stat() if self._file.exists() else None
        stamp = (now.st_mtime_ns, now.st_ino) if now else (0, 0)
        if stamp != self._stamp:
            self._by_digest = {token.sha256: token for token in read(self._file)}
            self._stamp = stamp
        return self._by_digest.get(_digest(secret))


def read(file: Path) -> tuple[Token, ...]:
    """The tokens of a file, none where it is not there; raises UsageError."""
    if not file.exists():
        return ()
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o022:
            raise UsageError(f"{file} can be written by others", f"chmod go-w {file}")
        rows = json.loads(file.read_text(encoding="utf-8"))["tokens"]
        return tuple(Token(**{**row, "projects": tuple(row["projects"])}) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is no file of tokens: {error}") from None


def create(file: Path, name: str, scope: str, projects: Sequence[str]) -> str:
    """Add a token and return its secret, which is kept nowhere; raises UsageError."""
    kept = read(file)
    if any(token.name == name for token in kept):
        raise UsageError(f"A token is called {name} already", "Revoke it, or take another name.")
    secret = _LEAD + secrets.token_urlsafe(_BYTES)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _write(file, (*kept, Token(name, scope, tuple(projects), _digest(secret), now)))
    return secret


def revoke(file: Path, name: str) -> None:
    """Take a token out; raises UsageError where there is none of that name."""
    kept = read(file)
    left = tuple(token for token in kept if token.name != name)
    if len(left) == len(kept):
        raise UsageError(f"No token is called {name}", "`serve token list` shows them.")
    _write(file, left)


def _write(file: Path, tokens: Sequence[Token]) -> None:
    rows = [
        {
            "name": each.name,
            "scope": each.scope,
            "projects": list(each.projects),
            "sha256": each.sha256,
            "created": each.created,
        }
        for each in tokens
    ]
    write_atomically(file, json.dumps({"tokens": rows}, indent=2) + "\n")
    os.chmod(file, 0o600)  # noqa: PTH101


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
