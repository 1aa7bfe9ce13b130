"""vuln/database-old."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.report import Problem, Severity


@check("vuln/database-old", Severity.WARNING)
def database_old(project: Project, vulnerabilities: Vulnerabilities) -> Iterator[Problem]:
    """The advisory database is older than a day.

    Sources publish every day, so an old database knows nothing of what was found since. With
    `db-max-age` in the settings, a number of days, one that is older is not believed at all, and
    the audit is UNKNOWN.

    ## Fails

    ```text requirements.txt
    pillow==10.3.0
    ```

    ```jsonl advisories.jsonl
    {"feed": {"name": "PyPI", "fetched": "2026-11-20T08:00:00Z"}}
    {"id": "GHSA-3f63-hfp8-52jq",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "pillow"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "10.2.0"}]}]}]}
    ```

    ## Passes

    ```text requirements.txt
    pillow==10.3.0
    ```

    ```jsonl advisories.jsonl
    {"id": "GHSA-3f63-hfp8-52jq",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "pillow"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "10.2.0"}]}]}]}
    ```

    ## Fix

    Run `conda-preflight db update`, best as a step of every build.
    """
    if told := vulnerabilities.stale():
        yield Problem("advisories", told, project.location, "Run conda-preflight db update.")
