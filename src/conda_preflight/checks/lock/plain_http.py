"""lock/plain-http."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Channel, Lock, Package, Project
from conda_preflight.grammar.lock_file import environments, packages_of_file
from conda_preflight.grammar.url import is_plain_http, redact
from conda_preflight.report import Problem, Severity


@check("lock/plain-http", Severity.ERROR)
def plain_http(lock: Lock, project: Project) -> Iterator[Problem]:
    """Packages are fetched over a connection that is not encrypted.

    Anybody on the way can exchange the file. A sha256 digest in the lock notices that, so
    then it is a warning: others still see what is installed. Told once for a server.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    http://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    http://localhost:8000/conda-forge/linux-64/zlib-1.3.1-h1_0.conda#00000000000000000000000000000000
    ```

    ## Fix

    Write `https://`, and lock again.
    """
    packages = [p for p in packages_of_file(lock, project) if _is_plain(p.url)]
    channels = [c for one in environments(lock, project) for c in one.channels if _is_plain(c.text)]
    hosts: dict[str, list[Package | Channel]] = {}
    for package in packages:
        hosts.setdefault(_host(package.url), []).append(package)
    for channel in channels:
        hosts.setdefault(_host(channel.text), []).append(channel)
    for host, found in hosts.items():
        bare = any(isinstance(one, Channel) or not one.sha256 for one in found)
        yield Problem(
            host,
            f"{_count(found)} fetched from {host} without encryption",
            found[0].location,
            f"Write `https://{host}`, and lock again.",
            Severity.ERROR if bare else Severity.WARNING,
        )


def _is_plain(url: str) -> bool:
    return "http://" in url[:64].lower() and is_plain_http(url)


def _host(url: str) -> str:
    return redact(url).partition("://")[2].partition("/")[0].rpartition("@")[2]


def _count(found: list[Package | Channel]) -> str:
    packages = [one for one in found if isinstance(one, Package)]
    if not packages:
        return "A channel is"
    return f"{len(packages)} packages are" if len(packages) > 1 else f"`{packages[0].name}` is"
