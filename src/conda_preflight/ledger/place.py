"""Where the ledger is: named on the command line, by the environment or the settings, or usual."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from conda_preflight.errors import UsageError

OFF = "off"
"""In the place of a ledger: nothing is recorded."""
POSTGRESQL = ("postgresql://", "postgres://")
_SQLITE = "sqlite:///"


def usual_file() -> Path:
    """The ledger of this user, in the state folder of the XDG base directories."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base, "conda-preflight", "ledger.db")


def is_server(url: str) -> bool:
    """Whether it is a database that is reached over a network or a socket."""
    return url.startswith(POSTGRESQL)


def file_of(url: str) -> Path:
    """The file of ``sqlite:///file``, ``sqlite:////from/the/root``, or of a path as it is.

    Raises UsageError for an address of another kind.
    """
    if url.startswith(_SQLITE):
        return Path(unquote(url.removeprefix(_SQLITE)))
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme:
        hint = "Name a file, sqlite:///FILE or postgresql://HOST/DATABASE."
        raise UsageError(f"{scheme[:40]}:// is no ledger", hint)
    return Path(url)
