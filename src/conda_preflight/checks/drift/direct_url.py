"""drift/direct-url."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Manifest, Prefix, Project, Requirements
from conda_preflight.grammar.package_text import named
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity


@check("drift/direct-url", Severity.ERROR)
def direct_url(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A project was installed from an address that is not in the lock.

    A repository, a file or a folder of this machine, or a URL somebody gave to pip. Its version
    says nothing about where it comes from. What a lock or a manifest names by
    address or by digest is as asked, and so is a file with a digest where there is no lock.

    ## Fails

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ```json prefix/lib/python3.11/site-packages/greet-1.0.dist-info/direct_url.json
    {"url": "https://github.com/example/greet.git",
     "vcs_info": {"vcs": "git", "commit_id": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}
    ```


    ## Passes

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```


    ## Fix

    Install the locked release, or lock the address with its digest or commit.
    """
    packages = [p for lock in project.of(Lock) for p in lock.packages]
    files: list[Manifest | Requirements] = [*project.of(Manifest), *project.of(Requirements)]
    lines = [r for file in files for r in file.pip]
    known = {_plain(p.url) for p in packages if p.url}
    digests = {p.sha256 for p in packages} | {d for r in lines for d in r.hashes}
    digests |= {d for p in packages for d in p.hashes}
    asked = {r.name for r in lines if r.url and r.name}
    for package in prefix.packages:
        if package.manager != "pypi" or not package.url or package.editable:
            continue
        digest = package.sha256
        is_locked = _plain(package.url) in known or {digest, f"sha256:{digest}"} & digests - {""}
        is_judged = bool(packages) or not digest
        if is_judged and not is_locked and package.name not in asked:
            yield Problem(
                package.name,
                f"{named(package)} was installed from {redact(package.url)}",
                package.location,
                "Install the locked release, or lock this address with its digest or commit.",
            )


def _plain(url: str) -> str:
    """A URL without its fragment and password, and a repository without its branch."""
    return redact(url.partition("#")[0].partition("?")[0]).removesuffix("/")
