"""vuln/doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.advisories.telling import names
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Lock, Manifest, Prefix, Project, Requirements, Sbom
from conda_preflight.report import Problem, Severity


@check("vuln/doubtful", Severity.NOTE)
def doubtful(
    doc: Manifest | Requirements | Lock | Prefix | Sbom,
    project: Project,
    vulnerabilities: Vulnerabilities,
) -> Iterator[Problem]:
    """Advisories name these versions, and other evidence says that they do not apply.

    An advisory may be about wheels only, whose bundled library conda does not use; about the
    command line tool and not the library; about a product of which the package is another part. A
    patch in the recipe may have mended it, or a better source says that the version is not
    affected. These do not count, and are told here, so that somebody can look at them.

    ## Fails

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cryptography-41.0.1-py311h63ff55d_0.conda
    ```

    ```jsonl advisories.jsonl
    {"id": "GHSA-h4gh-qq45-vh27", "database_specific": {"severity": "MEDIUM"},
     "summary": "pyca/cryptography has a vulnerable OpenSSL included in cryptography wheels",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "cryptography"},
      "ranges": [{"type": "ECOSYSTEM",
                  "events": [{"introduced": "37.0.0"}, {"fixed": "43.0.1"}]}]}]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cryptography-43.0.1-py311h63ff55d_0.conda
    ```

    ```jsonl advisories.jsonl
    {"id": "GHSA-h4gh-qq45-vh27", "database_specific": {"severity": "MEDIUM"},
     "summary": "pyca/cryptography has a vulnerable OpenSSL included in cryptography wheels",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "cryptography"},
      "ranges": [{"type": "ECOSYSTEM",
                  "events": [{"introduced": "37.0.0"}, {"fixed": "43.0.1"}]}]}]}
    ```

    ## Fix

    Nothing has to be done, unless you know better about one of them.
    """
    if isinstance(doc, Manifest) and project.locks_of(doc):
        raise Skip("its lock is judged instead")
    by_state: dict[str, dict[str, list[str]]] = {}
    for each in vulnerabilities.of(doc).vulnerabilities:
        if each.state != "affected":
            by_package = by_state.setdefault(each.state, {})
            by_package.setdefault(each.package.name, []).append(each.ids[0])
    for state, by_package in sorted(by_state.items()):
        count = sum(map(len, by_package.values()))
        told = names([f"{name} ({names(ids, 3)})" for name, ids in by_package.items()], 6)
        yield Problem(
            state.replace(" ", "-"),
            f"{count} known vulnerabilit{'ies' if count > 1 else 'y'} judged as {state}: {told}.",
            Location(doc.path),
        )
