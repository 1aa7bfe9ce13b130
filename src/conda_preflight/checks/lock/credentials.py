"""lock/credentials."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Lock, Project
from conda_preflight.grammar.lock_file import environments, packages_of_file
from conda_preflight.grammar.url import has_credentials, redact
from conda_preflight.report import Problem, Severity

_SIGNS = ("@", "/t/", "?", "hf_", "ghp_", "glpat-", "gho_", "github_pat")


@check("lock/credentials", Severity.ERROR)
def credentials(lock: Lock, project: Project) -> Iterator[Problem]:
    """A URL in the lock carries a password or a token.

    Whoever reads the repository, the image or the log of a build can use it. The name of a
    variable, such as `${TOKEN}`, is no secret. Told once for a server and channel.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/t/ab-12345678-90ab-cdef-1234-567890abcdef/team/linux-64/x-1.0-0.conda#00000000000000000000000000000000
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://reader:s3cr3tpass@conda.example.org/team/linux-64/x-1.0-0.conda#00000000000000000000000000000000
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/t/$TEAM_TOKEN/team/linux-64/x-1.0-0.conda#00000000000000000000000000000000
    https://${USER}:${PASSWORD}@conda.example.org/team/linux-64/y-1.0-0.conda#00000000000000000000000000000000
    ```

    ## Fix

    Withdraw the token or password where it was issued, since history keeps it. Then lock
    with credentials from a variable, or from conda's own login.
    """
    places: dict[str, list[Location]] = {}
    for url, location in _urls(lock, project):
        if any(sign in url for sign in _SIGNS) and has_credentials(url):
            place = redact(url).rpartition("/")[0].partition("?")[0]
            places.setdefault(place, []).append(location)
    for place, found in places.items():
        yield Problem(
            place.partition("://")[2].rpartition("@")[2] or place,
            f"{len(found)} URLs below {place} carry a password or token"
            if len(found) > 1
            else f"A URL below {place} carries a password or token",
            found[0],
            "Withdraw it where it was issued, and lock again with credentials from a variable.",
        )


def _urls(lock: Lock, project: Project) -> Iterator[tuple[str, Location]]:
    for package in packages_of_file(lock, project):
        yield package.url, package.location
    for one in environments(lock, project):
        for channel in one.channels:
            yield channel.text, channel.location
        for source in one.sources:
            yield source.text, source.location
