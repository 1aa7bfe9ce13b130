"""house/warned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.documents.ruling import WARNED, Policies
from conda_preflight.house.telling import place, thing
from conda_preflight.report import Problem, Severity


@check("house/warned", Severity.WARNING)
def warned(project: Project, policies: Policies, day: date) -> Iterator[Problem]:
    """A policy of the house warns of this.

    Each item of a rule `warn` of the policies in Rego that the settings name is a finding;
    [House policies](../../rego.md) has how they are written.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [policy]
    rego = ["owner.rego"]
    ```

    ```text owner.rego
    package preflight

    import rego.v1

    warn contains {"msg": "No team answers for it", "file": manifest.file, "fix": fix} if {
        some manifest in input.manifests
        count([v | some v in manifest.variables; startswith(v, "OWNER=")]) == 0
        fix := "Write `OWNER: team` below `variables:`."
    }
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    variables:
      OWNER: serving
    ```

    ```toml preflight.toml
    [policy]
    rego = ["owner.rego"]
    ```

    ```text owner.rego
    package preflight

    import rego.v1

    warn contains "No team answers for it" if {
        some manifest in input.manifests
        count([v | some v in manifest.variables; startswith(v, "OWNER=")]) == 0
    }
    ```

    ## Fix

    Do what the policy says, or ask who keeps it.
    """
    for ruling in policies.rulings(project, day, WARNED):
        yield Problem(
            about=thing(ruling),
            message=ruling.message,
            location=place(ruling, project),
            fix=ruling.fix or f"The policy is {ruling.policy}.",
            severity=Severity(ruling.severity) if ruling.severity else None,
            ids=(ruling.id,) if ruling.id else (),
        )
