"""Channel names and URLs as conda writes them."""

from __future__ import annotations

from conda_preflight.documents import PLATFORMS, Channel, Location
from conda_preflight.pattern import lazy_pattern

_HOSTS = {
    "repo.anaconda.com/pkgs/main": "pkgs/main",
    "repo.anaconda.com/pkgs/r": "pkgs/r",
    "repo.anaconda.com/pkgs/msys2": "pkgs/msys2",
    "repo.anaconda.com/pkgs/free": "pkgs/free",
}
_SUBDIRS = frozenset((*PLATFORMS, "noarch"))
_TOKEN = lazy_pattern(r"/t/[^/]+(?=/)")
_LICENSED = frozenset(
    ("defaults", "anaconda", "main", "r", "msys2", "free", "pkgs/main", "pkgs/r", "pkgs/msys2")
)


def channel(text: str, location: Location) -> Channel:
    """A channel from its text, with the name that people call it."""
    return Channel(text, channel_name(text), location)


def channel_name(text: str) -> str:
    """The channel without host, token, credentials and subdir; labels stay."""
    plain = _TOKEN.sub("", text.strip()).rstrip("/")
    if "://" not in plain:
        return _without_subdir(plain)
    rest = _without_subdir(plain.partition("://")[2].rpartition("@")[2])
    known = _HOSTS.get(rest)
    if known:
        return known
    host, _, path = rest.partition("/")
    return path or host


def is_licensed(name: str) -> bool:
    """Whether it is a channel of Anaconda's distribution, under its terms of service.

    Source: https://www.anaconda.com/legal (terms of service, 2024).
    """
    return name in _LICENSED or name.startswith("pkgs/")


def licensed(text: str) -> str:
    """The name of a channel under Anaconda's terms of service, empty for any other.

    A URL of another host is that host's own affair, unless it ends like Anaconda's own.
    """
    name = channel_name(text)
    host = text.partition("://")[2].rpartition("@")[2].partition("/")[0].lower()
    if host and not host.endswith((".anaconda.com", ".anaconda.org", ".continuum.io")):
        return name if "pkgs/" in name and is_licensed(name[name.index("pkgs/") :]) else ""
    return name if is_licensed(name) else ""


def _without_subdir(text: str) -> str:
    head, _, tail = text.rpartition("/")
    return head if head and tail in _SUBDIRS else text
