"""licence/non-commercial."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project, Sbom
from conda_preflight.facts.licence_terms import NON_COMMERCIAL, NON_COMMERCIAL_PACKAGES
from conda_preflight.grammar.licence import licence_of
from conda_preflight.grammar.licensing import Stated, bound_by, fits, packages_in
from conda_preflight.report import Problem, Severity


@check("licence/non-commercial", Severity.WARNING)
def non_commercial(document: Lock | Prefix | Sbom, project: Project) -> Iterator[Problem]:
    """A package, or the models that it fetches, may not be used for money.

    Such terms are found in licences by name (Creative Commons with NC, PolyForm Noncommercial and
    the like), and for a few packages in a table: those of which the metadata says nothing, or
    names the licence of the code alone, while the weights that they download have other terms.

    ## Fails

    ```json sbom.cdx.json
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
      {"name": "voices", "purl": "pkg:pypi/voices@1.0", "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}]}]}
    ```

    ```yaml conda-lock.yml
    version: 1
    metadata:
      platforms: [linux-64]
    package:
      - name: insightface
        version: 0.7.3
        manager: pip
        platform: linux-64
        dependencies: {}
        url: https://pypi.example.org/insightface-0.7.3.tar.gz
        hash: {sha256: 0000000000000000000000000000000000000000000000000000000000000000}
    ```

    ## Passes

    ```json sbom.cdx.json
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
      {"name": "fonts", "purl": "pkg:pypi/fonts@1.0", "licenses": [{"license": {"id": "CC-BY-4.0"}}]}]}
    ```

    ## Fix

    Use it for research only, ask the authors for other terms, or take another package or model.
    """  # noqa: E501
    packages = packages_in(document, project)
    found = [Stated(p, licence_of(p.licence)) for p in packages]
    for each in bound_by(found, fits(NON_COMMERCIAL)):
        name, terms = each.package.name, each.licence.expression
        message = f"`{name}` may not be used commercially: its licence is `{terms}`"
        yield Problem(name, message, each.package.location, "Ask the authors for other terms.")
    for package in packages:
        known = NON_COMMERCIAL_PACKAGES.get(package.name)
        if known:
            what = "" if known.what == "code" else f"the {known.what} that it fetches: "
            yield Problem(
                package.name,
                f"`{package.name}` may not be used commercially ({what}{known.source})",
                package.location,
                "Read the terms there, and ask the authors for others.",
            )
