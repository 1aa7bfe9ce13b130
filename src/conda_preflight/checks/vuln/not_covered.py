"""vuln/not-covered."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.advisories.telling import names
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Lock, Manifest, Prefix, Project, Requirements, Sbom
from conda_preflight.report import Problem, Severity


@check("vuln/not-covered", Severity.NOTE)
def not_covered(
    doc: Manifest | Requirements | Lock | Prefix | Sbom,
    project: Project,
    vulnerabilities: Vulnerabilities,
) -> Iterator[Problem]:
    """Nothing can be said about the vulnerabilities of some packages.

    A package is only looked up under a name that it is known to have where advisories are
    written: nobody guesses that conda's `redis`, which is a server, is the client of that name at
    PyPI. Other packages are known, but no source of advisories covers their product. Silence
    about these is no good news, so they are named here, once.

    ## Fails

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cudnn-8.9.7.29-h092f7fd_3.conda
    https://conda.example.org/conda-forge/linux-64/in-house-0.1-0.conda
    ```

    ```jsonl advisories.jsonl
    {"id": "CURL-CVE-2023-38545",
     "affected": [{"package": {"ecosystem": "Upstream", "name": "curl"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "7.69.0"}, {"fixed": "8.4.0"}]}]}]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/libcurl-8.6.0-hca28451_0.conda
    ```

    ```jsonl advisories.jsonl
    {"id": "CURL-CVE-2023-38545",
     "affected": [{"package": {"ecosystem": "Upstream", "name": "curl"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "7.69.0"}, {"fixed": "8.4.0"}]}]}]}
    ```

    ## Fix

    Nothing has to be done. Watch the projects of what matters to you yourself, or write down with
    a waiver that somebody does.
    """
    if isinstance(doc, Manifest) and project.locks_of(doc):
        raise Skip("its lock is judged instead")
    found = vulnerabilities.of(doc)
    if unknown := [package.name for package in found.unidentified]:
        count = f"{len(unknown)} package{'s are' if len(unknown) > 1 else ' is'}"
        yield Problem(
            "unidentified",
            f"{count} known by no name under which advisories are written: {names(unknown)}.",
            Location(doc.path),
        )
    if uncovered := sorted({product for _, product in found.uncovered}):
        count = f"{len(found.uncovered)} package{'s are' if found.uncovered[1:] else ' is'}"
        yield Problem(
            "uncovered",
            f"{count} of products that no source of advisories covers: {names(uncovered)}.",
            Location(doc.path),
        )
