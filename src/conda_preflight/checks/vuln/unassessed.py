"""vuln/unassessed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Prefix, Project, Requirements, Sbom
from conda_preflight.report import Problem, Severity


@check("vuln/unassessed", Severity.WARNING)
def unassessed(
    doc: Manifest | Requirements | Lock | Prefix | Sbom,
    project: Project,
    vulnerabilities: Vulnerabilities,
) -> Iterator[Problem]:
    """A package is of a branch for which its project writes no advisories any more.

    After the end of a branch its project no longer says whether a new flaw is in it. OpenSSL 3.1
    so looks better than 3.0, although most flaws of 3.0 are in it too: nobody looks. Judged are
    OpenSSL, CPython, Node.js and PostgreSQL, whose branches have published ends.

    ## Fails

    ```jsonl advisories.jsonl
    {"id": "CVE-2024-5535",
     "affected": [{"package": {"ecosystem": "Upstream", "name": "openssl"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "3.1.0"}, {"fixed": "3.1.7"}]}]}]}
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/openssl-3.1.8-h7b32b05_0.conda
    ```

    ## Passes

    ```jsonl advisories.jsonl
    {"id": "CVE-2024-5535",
     "affected": [{"package": {"ecosystem": "Upstream", "name": "openssl"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "3.1.0"}, {"fixed": "3.1.7"}]}]}]}
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/openssl-3.5.4-h7b32b05_0.conda
    ```

    ## Fix

    Move to a branch that its project still looks after.
    """
    if isinstance(doc, Manifest) and project.locks_of(doc):
        raise Skip("its lock is judged instead")
    for package, told in vulnerabilities.of(doc).ended:
        fix = f"Move {package.name} to a branch that is still looked after."
        yield Problem(package.name, told, package.location, fix)
