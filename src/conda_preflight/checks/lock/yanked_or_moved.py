"""lock/yanked-or-moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Project
from conda_preflight.facts.channels import dead
from conda_preflight.facts.moved_hosts import MOVED
from conda_preflight.grammar.lock_file import again, environments, some
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity

_FILES = (".conda", ".tar.bz2", ".whl", ".tar.gz", ".zip")
_BROKEN = "/label/broken"
_INDEXES = ("--index-url", "--extra-index-url", "--find-links")
_REACHABLE = "Take them from a channel or an index that other machines reach, and lock again."


@check("lock/yanked-or-moved", Severity.WARNING)
def yanked_or_moved(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock points at places where packages are not, or not for everybody.

    Servers were renamed, channels were closed, packages were withdrawn because they do not
    work; a path of one machine does not exist on another (a warning where the manifest or the
    lock names that folder as a channel, or the manifest as an index of pip); a list with a
    masked token, or with packages of pip among conda's, cannot be installed at all. Told once
    for a cause.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://repo.continuum.io/pkgs/main/linux-64/zlib-1.2.11-ha838bed_2.tar.bz2
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/label/broken/linux-64/zlib-1.2.11-ha838bed_2.tar.bz2
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/t/<TOKEN>/team/linux-64/x-1.0-0.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    file:///home/somebody/miniconda3/conda-bld/linux-64/x-1.0-0.conda
    ```

    ```text packages.txt
    # This file may be used to create an environment using:
    # $ conda create --name <env> --file <this file>
    # platform: linux-64
    numpy=1.26.4=py311h1_0
    einops=0.8.0=pypi_0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://repo.anaconda.com/pkgs/main/linux-64/zlib-1.2.13-h5eee18b_1.conda
    https://conda.anaconda.org/conda-forge/linux-64/xz-5.2.6-h166bdaf_0.tar.bz2
    ```

    ## Fix

    Lock again. What is built on one machine belongs into a channel that all can reach.
    """
    causes: dict[tuple[str, str, bool], list[Package]] = {}
    seen: dict[str, tuple[str, str, bool] | None] = {}
    asked = _chosen(lock, project)
    packages = dict.fromkeys(p for one in environments(lock, project) for p in one.packages)
    for package in packages:
        place = package.url.rpartition("/")[0] or package.url
        if place not in seen:
            seen[place] = _cause(package, lock, asked)
        if found := seen[place] if package.url else _cause(package, lock, asked):
            causes.setdefault(found, []).append(package)
    for (about, why, certain), group in causes.items():
        count = f"{len(group)} packages" if len(group) > 1 else f"`{group[0].name}`"
        names = f": {some(p.name for p in group)}" if len(group) > 1 else ""
        yield Problem(
            about,
            f"{count} cannot be relied on, since {why}{names}",
            group[0].location,
            _REACHABLE if about.startswith("local ") else again(lock),
            Severity.ERROR if certain else Severity.WARNING,
        )


def _chosen(lock: Lock, project: Project) -> Mapping[str, str]:
    """The folders that somebody chose to have packages from, and what each is to them."""
    owner = project.manifest_of(lock)
    channels = [c.text for c in (*lock.channels, *(owner.channels if owner else ()))]
    pip = owner.pip if owner else ()
    indexes = [line.value for line in pip if line.option in _INDEXES]
    return {
        f"{folder.removeprefix('file://').rstrip('/')}/": what
        for what, folders in (("index", indexes), ("channel", channels))
        for folder in folders
        if _is_local(f"{folder}/x.conda")
    }


def _cause(package: Package, lock: Lock, asked: Mapping[str, str]) -> tuple[str, str, bool] | None:
    """What it is about, why, and whether the installation fails for sure."""
    url = package.url
    path = url.removeprefix("file://")
    if what := next((what for folder, what in asked.items() if path.startswith(folder)), ""):
        why = f"their {what} is a folder, which other machines may not have"
        return f"local {what}", why, False
    if lock.kind == "conda-list" and package.manager == "pypi":
        return "pypi_0", "conda cannot install what pip installed", True
    if _is_local(url):
        return "local path", "the path exists on one machine only", True
    if "/t/<TOKEN>/" in url or "/t/%3CTOKEN%3E/" in url:
        return "masked token", "the token in the URL is masked", True
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
    if moved := MOVED.get(host):
        return host, f"{host} {moved.why}; packages are at {moved.instead}", False
    channel = package.channel
    if channel.endswith(_BROKEN) or f"{_BROKEN}/" in channel:
        return "label broken", f"`{redact(channel)}` holds what was withdrawn", True
    gone = dead(channel) if package.manager == "conda" else None
    return (gone.name, f"in `{gone.name}` {gone.why}", gone.closed) if gone else None


def _is_local(url: str) -> bool:
    """A file of this machine by an absolute path; paths inside the project are none."""
    plain = url.lower()
    if plain.startswith("file://"):
        return True
    absolute = plain.startswith(("/", "~")) or plain[1:3] in (":\\", ":/")
    return absolute and plain.endswith(_FILES)
