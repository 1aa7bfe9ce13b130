"""house/denied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.documents.ruling import DENIED, Policies
from conda_preflight.house.telling import place, thing
from conda_preflight.report import Problem, Severity


@check("house/denied", Severity.ERROR)
def denied(project: Project, policies: Policies, day: date) -> Iterator[Problem]:
    """A policy of the house denies this.

    A project names policies in Rego, the language of Open Policy Agent, by `rego` in the table
    `[policy]` of its settings, or `--policy FILE` does; [House policies](../../rego.md) has what
    they get and how they answer. Each item of a rule `deny` or `violation` is a finding.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [defaults]
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [policy]
    rego = ["policies/*.rego"]
    ```

    ```text policies/channels.rego
    package preflight

    import rego.v1

    deny contains {"msg": msg, "file": channel.file, "line": channel.line} if {
        some manifest in input.manifests
        some channel in manifest.channels
        channel.name != "conda-forge"
        msg := sprintf("%v is no channel of the house", [channel.text])
    }
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [policy]
    rego = ["policies/*.rego"]
    ```

    ```text policies/channels.rego
    package preflight

    import rego.v1

    deny contains msg if {
        some manifest in input.manifests
        some channel in manifest.channels
        channel.name != "conda-forge"
        msg := sprintf("%v is no channel of the house", [channel.text])
    }
    ```

    ## Fix

    Do what the policy says, or ask who keeps it. A [waiver](../../waivers.md) excuses one case.
    """
    for ruling in policies.rulings(project, day, DENIED):
        yield Problem(
            about=thing(ruling),
            message=ruling.message,
            location=place(ruling, project),
            fix=ruling.fix or f"The policy is {ruling.policy}.",
            severity=Severity(ruling.severity) if ruling.severity else None,
            ids=(ruling.id,) if ruling.id else (),
        )
