"""Servers of conda packages that are no more, or that are not where packages are.

Sources: Anaconda's announcements of its repositories and conda's documentation of
``channel_alias`` and ``restore_free_channel``.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class MovedHost:
    """A host as it was, what became of it, and the host to write instead."""

    host: str
    why: str
    instead: str


MOVED = {
    row.host: row
    for row in (
        MovedHost("repo.continuum.io", "was replaced in 2018", "repo.anaconda.com"),
        MovedHost("conda.binstar.org", "was replaced in 2015", "conda.anaconda.org"),
        MovedHost("binstar.org", "was replaced in 2015", "conda.anaconda.org"),
        MovedHost("anaconda.org", "serves web pages and no channels", "conda.anaconda.org"),
        MovedHost("www.anaconda.org", "serves web pages and no channels", "conda.anaconda.org"),
    )
}
