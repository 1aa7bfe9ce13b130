"""vuln/known."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.advisories.advice import advice
from conda_preflight.advisories.telling import group, message, product_purls, row
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.advisories.weighing import Policy, gravity, weight
from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Prefix, Project, Requirements, Sbom
from conda_preflight.grammar.purl import purl_of
from conda_preflight.report import Problem, Severity


@check("vuln/known", Severity.ERROR)
def known(
    doc: Manifest | Requirements | Lock | Prefix | Sbom,
    project: Project,
    vulnerabilities: Vulnerabilities,
    *,
    fail_severity: str = "high",
    unknown: str = "warn",
    kev: bool = True,
    epss: float = 0.0,
    only_fixed: bool = False,
    min_evidence: str = "cpe",
) -> Iterator[Problem]:
    """A package has a known vulnerability.

    Each package of either manager is looked up in the advisory database of this machine, which
    `conda-preflight db update` makes: Python projects by the name that they have at PyPI, native
    libraries (openssl, libcurl, libsqlite ...) by the product that they are made from. What makes
    an error of it is a matter of policy:

    - `fail-severity`: from which rating on (`low`, `medium`, `high`, `critical`, or `never`);
    - `unknown`: `warn` or `fail` where nobody has rated it;
    - `kev`: whether one that CISA lists as exploited always is one;
    - `epss`: from which likelihood on (0.1 is 10 %), 0 for never;
    - `only-fixed`: whether one without a fixed version is only a note;
    - `min-evidence`: the weakest evidence that counts (`upstream`, `vendor`, `advisory`, `cpe`,
      `repackager`, `rule`); anything below is a note.

    Whatever is no error is a warning. A manifest that has a lock is judged by its lock.

    ## Fails

    ```jsonl advisories.jsonl
    {"id": "GHSA-j7hp-h8jx-5ppr",
     "aliases": ["CVE-2023-4863"],
     "database_specific": {"severity": "HIGH"},
     "affected": [{"package": {"ecosystem": "PyPI", "name": "pillow"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "10.0.1"}]}]}]}
    ```

    ```text requirements.txt
    pillow==9.5.0
    ```

    ```jsonl advisories.jsonl
    {"id": "CURL-CVE-2023-38545",
     "aliases": ["CVE-2023-38545"],
     "database_specific": {"severity_rating": "CRITICAL", "precision": "upstream"},
     "affected": [{"package": {"ecosystem": "Upstream", "name": "curl"},
      "database_specific": {"version_scheme": "semver"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "7.69.0"}, {"fixed": "8.4.0"}]}]}]}
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/libcurl-8.1.2-h409715c_0.conda
    ```

    ## Passes

    ```jsonl advisories.jsonl
    {"id": "GHSA-j7hp-h8jx-5ppr",
     "aliases": ["CVE-2023-4863"],
     "database_specific": {"severity": "HIGH"},
     "affected": [{"package": {"ecosystem": "PyPI", "name": "pillow"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "10.0.1"}]}]}]}
    ```

    ```text requirements.txt
    pillow==10.3.0
    ```

    A wheel that bundles a library shares its flaws; conda's package uses conda's library, which
    is looked up by itself:

    ```jsonl advisories.jsonl
    {"id": "GHSA-j7hp-h8jx-5ppr",
     "aliases": ["CVE-2023-4863"],
     "database_specific": {"severity": "HIGH"},
     "affected": [{"package": {"ecosystem": "PyPI", "name": "pillow"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "10.0.1"}]}]}]}
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pillow-9.5.0-py311h0b84326_1.conda
    ```

    ## Fix

    Upgrade the package to the version that the finding names, and make the lock anew. Where that
    is not possible and the flaw cannot be reached, write down why and until when:

    ```toml
    [[waivers]]
    id = "CVE-2023-4863"
    package = "pillow"
    reason = "Only images of our own are read."
    expires = "2027-01-31"
    ```
    """
    policy = Policy(fail_severity, unknown, kev, epss, only_fixed, min_evidence)
    policy.refuse_wrong()
    if isinstance(doc, Manifest) and project.locks_of(doc):
        raise Skip("its lock is judged instead")
    found = vulnerabilities.of(doc)
    if not found.identified:
        raise Skip("nothing here is asked for in one version")
    fixes = advice(doc, found, vulnerabilities)
    for each in found.affected:
        package = each.package
        yield Problem(
            about=f"{package.name} {each.ids[0]}",
            message=message(each),
            location=package.location,
            fix=fixes.get((package.manager, package.name, package.version), ""),
            severity=Severity(weight(each, policy)),
            ids=each.ids,
            group=group(package),
            row=row(each),
            gravity=gravity(each),
            purls=(purl_of(package), *product_purls(each)),
        )
